import type { TextOptions } from "../source/source.ts";

const COMMA = /^[-+]?\d+(,\d+)?$/;
/** Thousands set apart, a currency or a percent sign. */
const GROUPED = /^\d{1,3}([.,'\u2019\u00a0\u202f])\d{3}(\1\d{3})*([.,]\d+)?$/u;
const PLAIN = /^\d+([.,]\d+)?$/;
/** Signs of currencies and percent; a currency's three letters only behind a blank, since 123ABC is the name of a thing. */
const BEFORE = /^\(?[-+]?[$€£¥]?[ \u00a0]?[-+]?/u;
const BEHIND = /([ \u00a0]?[%$€£¥]|[ \u00a0][A-Z]{3})?\)?$/u;
const ZERO_FIRST = /^[-+]?0\d/;

/**
 * How texts are numbers that are written as no reader expects, undefined where they are none.
 *
 * @example
 * numbersInWords(["1,5", "22,75"], "."); // "numbers with a decimal comma stay texts; --decimal , reads them"
 */
export function numbersInWords(texts: readonly string[], decimal: TextOptions["decimal"]): string | undefined {
  if (texts.some((text) => ZERO_FIRST.test(text) && !/^[-+]?0[.,]/.test(text))) return undefined;
  const commas = texts.filter((text) => text.includes(","));
  // 1,234 may be a thousand: only another number of digits tells.
  const isDecimal = commas.some((text) => !/^[-+]?\d{1,3},\d{3}$/.test(text));
  if (decimal !== "," && isDecimal && texts.every((text) => COMMA.test(text)))
    return "numbers with a decimal comma stay texts; --decimal , reads them";
  const isDressed = texts.some((text) => !/^[-+]?\d+(\.\d+)?$/.test(text));
  if (!isDressed || !texts.every(isDressedNumber)) return undefined;
  return "numbers with separators of thousands, currencies or percent signs stay texts, for no option reads these; a cell of %%chunked can turn them into numbers";
}

function isDressedNumber(text: string): boolean {
  const digits = bare(text);
  return GROUPED.test(digits) || PLAIN.test(digits);
}

function bare(text: string): string {
  return text.replace(BEFORE, "").replace(BEHIND, "");
}
