import { type NumberForm, numberPatterns } from "./number-form.ts";

/** How files have thousands apart, and which mark they have then. */
const FORMS: readonly Required<NumberForm>[] = (
  [
    [".", ","],
    [",", "."],
    ["'", "."],
    ["'", ","],
    [" ", ","],
    [" ", "."],
  ] as const
).map(([thousands, decimal]) => ({ thousands, decimal }));

const COMMA = /^[-+]?\d+(,\d+)?$/;
/** Thousands set apart, a currency or a percent sign. */
const GROUPED = /^\d{1,3}([.,'\u2019\u00a0\u202f])\d{3}(\1\d{3})*([.,]\d+)?$/u;
const PLAIN = /^\d+([.,]\d+)?$/;
/** Signs of currencies and percent; a currency's three letters only behind a blank, since 123ABC is the name of a thing. */
const BEFORE = /^\(?[-+]?[$\u20ac£¥]?[ \u00a0]?[-+]?/u;
const BEHIND = /([ \u00a0]?[%$\u20ac£¥]|[ \u00a0][A-Z]{3})?\)?$/u;
const ZERO_FIRST = /^[-+]?0\d/;

/**
 * How texts are numbers that are written as no reader expects, undefined where they are none.
 *
 * @example
 * numbersInWords(["1,5", "22,75"], {}); // "numbers with a decimal comma stay texts; --decimal , reads them"
 */
export function numbersInWords(texts: readonly string[], { decimal, thousands }: NumberForm): string | undefined {
  if (texts.some((text) => ZERO_FIRST.test(text) && !/^[-+]?0[.,]/.test(text))) return undefined;
  const commas = texts.filter((text) => text.includes(","));
  // 1,234 may be a thousand: only another number of digits tells.
  const isDecimal = commas.some((text) => !/^[-+]?\d{1,3},\d{3}$/.test(text));
  if (decimal !== "," && isDecimal && texts.every((text) => COMMA.test(text)))
    return "numbers with a decimal comma stay texts; --decimal , reads them";
  const form = thousands === undefined ? groupedForm(texts) : undefined;
  if (form !== undefined)
    return `numbers with separators of thousands stay texts; ${groupedWords(form, decimal)} reads them${commas.length > 0 && !isDecimal ? ", or --decimal , if these are decimals" : ""}`;
  const isDressed = texts.some((text) => !/^[-+]?\d+(\.\d+)?$/.test(text));
  if (!isDressed || !texts.every(isDressedNumber)) return undefined;
  return "numbers with currencies, percent signs or odd separators of thousands stay texts, for no option reads these; a cell of %%chunked can turn them into numbers";
}

/** The form in which all texts are numbers, some of them in groups; undefined where there is none. */
function groupedForm(texts: readonly string[]): Required<NumberForm> | undefined {
  // What has blanks in it is mostly a number of something: numbers have blanks that do not break.
  if (texts.some((text) => text.includes(" "))) return undefined;
  return FORMS.find((form) => {
    const isNumber = new RegExp(`^${numberPatterns(form).any}$`);
    const isPlain = new RegExp(`^${numberPatterns({ decimal: form.decimal }).any}$`);
    return texts.every((text) => isNumber.test(text)) && texts.some((text) => !isPlain.test(text));
  });
}

/** What a line says for it. */
function groupedWords({ thousands, decimal }: Required<NumberForm>, given: NumberForm["decimal"]): string {
  const sign = thousands === " " ? "space" : thousands === "'" ? `"'"` : thousands;
  return `--thousands ${sign}${decimal === (given ?? ".") ? "" : ` --decimal ${decimal}`}`;
}

function isDressedNumber(text: string): boolean {
  const digits = bare(text);
  return GROUPED.test(digits) || PLAIN.test(digits);
}

function bare(text: string): string {
  return text.replace(BEFORE, "").replace(BEHIND, "");
}
