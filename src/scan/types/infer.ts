import { momentForms } from "../../source/moment-formats.ts";
import { type NumberForm, plainNumbers } from "../../source/number-form.ts";
import type { Kind } from "../table.ts";

const INTEGER = /^-?(0|[1-9]\d*)$/;
/** Without an exponent. */
const DECIMAL = /^(-?\d+\.?\d*|-?\.\d+)$/;
const NUMBER = /^-?((\d+\.?\d*|\.\d+)(e[-+]?\d+)?|nan|inf(inity)?)$/i;
/** Digits that would lose their zero as a number: they name something. */
const ZERO_FIRST = /^-?0\d/;
/** The engine takes y and n for truth values where they are declared alone. */
const TRUTH = /^(true|false|t|f|yes|no)$/i;
const LARGEST_INTEGER = 2n ** 63n;

/** A scale that all values of a column share is seldom larger; longer ones are doubles as machines write them. */
const MOST_DECIMALS = 9;
/** One less than fit, for the next value may be larger. */
const MOST_DIGITS = 17;

export interface InferOptions extends NumberForm {
  /** strftime pattern of dates or, with hours, of moments, where one is declared. */
  readonly dateFormat?: string | undefined;
}

/**
 * The narrowest kind that holds all texts of a column's samples, missing ones left out. A column without any is text.
 *
 * @example
 * inferKind(["1.50", "12.25"]); // { kind: "decimal", scale: 2 }
 */
export function inferKind(texts: readonly string[], options: InferOptions = {}): Kind {
  if (texts.length === 0) return { kind: "text" };
  // Blanks around a number or a day are no part of it.
  const trimmed = texts.map((text) => text.trim());
  const plain = trimmed.map(plainNumbers(options));
  return truth(texts) ?? number(plain) ?? momentForms(trimmed, options.dateFormat)[0] ?? { kind: "text" };
}

function truth(texts: readonly string[]): Kind | undefined {
  return texts.every((text) => TRUTH.test(text)) ? { kind: "bool" } : undefined;
}

function number(texts: readonly string[]): Kind | undefined {
  if (texts.every((text) => INTEGER.test(text)))
    return texts.every(isInt64) ? { kind: "int" } : { kind: "text", isDigits: true };
  if (!texts.every((text) => NUMBER.test(text) && !ZERO_FIRST.test(text))) return undefined;
  return decimal(texts) ?? { kind: "double" };
}

function isInt64(text: string): boolean {
  if (text.length < 19) return true;
  const value = BigInt(text);
  return value < LARGEST_INTEGER && value >= -LARGEST_INTEGER;
}

/** Decimals keep their digits; negative zero, which they do not have, is one of doubles. */
function decimal(texts: readonly string[]): Kind | undefined {
  let [scale, whole] = [0, 0];
  for (const text of texts) {
    if (!DECIMAL.test(text) || /^-[0.]*$/.test(text)) return undefined;
    const point = text.indexOf(".");
    scale = Math.max(scale, point === -1 ? 0 : text.length - point - 1);
    whole = Math.max(whole, (point === -1 ? text.length : point) - (text.startsWith("-") ? 1 : 0));
  }
  return scale <= MOST_DECIMALS && scale + whole <= MOST_DIGITS ? { kind: "decimal", scale } : undefined;
}
