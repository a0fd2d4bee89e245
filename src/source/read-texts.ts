import { type DeclaredFormats, fitsFormat, formOf, type MomentForm, momentForms } from "./moment-formats.ts";
import { momentValue } from "./moment-values.ts";
import { type NumberForm, plainNumbers } from "./number-form.ts";

/** What the texts of a column read as, all of them. */
export interface TextReading {
  /** pandas' name; `str` when nothing narrower fits. */
  readonly type: string;
  readonly values: readonly unknown[];
  /** Digits that start with a zero. */
  readonly leadingZeros: number;
  /** strftime pattern of moments that are not in ISO. */
  readonly format?: string | undefined;
}

const INTEGER = /^-?(0|[1-9]\d{0,18})$/;
/** Without a plus, which telephone numbers have and the readers take for a letter. */
const NUMBER = /^-?((\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|nan|inf(inity)?)$/i;
const ZERO_FIRST = /^[-+]?0\d/;
const BOOL = /^(true|false)$/i;
/** What the engine takes for truth values in delimited text; Y and N are too often something else. */
const TRUTH = /^(true|false|t|f|yes|no)$/i;

/** ISO as it is written in full. */
const FULL_ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$/;

/** Words that stand for a missing value in files of other tools. */
export const NULL_WORD = /^(#?n\/?a|null|none|nil|nan|missing|unknown|-+|\.|\?|\\n)$/i;

interface ReadingOptions extends NumberForm {
  /** Take yes and no for truth values, and what is not ISO in full for dates, as the engines do in delimited text. */
  readonly asEngine?: boolean | undefined;
  readonly formats?: DeclaredFormats | undefined;
}

/** The narrowest type that every text reads as; null is a missing value. A column of nothing but nulls is text. */
export function readTexts(given: readonly (string | null)[], options: ReadingOptions = {}): TextReading {
  // Blanks around a number or date are no part of it.
  const texts = given.map((text) => text?.trim() ?? null);
  const present = texts.filter((text) => text !== null);
  const all = (pattern: RegExp) => present.length > 0 && present.every((text) => pattern.test(text));
  const plain = plainNumbers(options);
  const map = (read: (text: string) => unknown) => texts.map((text) => (text === null ? null : read(text)));
  const { own, ofAll } = options.formats ?? {};
  const form =
    own === undefined || present.length === 0 || !present.every((text) => fitsFormat(text, own))
      ? undefined
      : formOf(own);
  if (form) return moments(texts, form);
  const leadingZeros = all(/^\d+$/) ? present.filter((text) => ZERO_FIRST.test(text)).length : 0;
  const isInteger = present.length > 0 && present.every((text) => INTEGER.test(plain(text)) && isInt64(plain(text)));
  if (isInteger) return { type: "int64", values: map((text) => toInteger(plain(text))), leadingZeros };
  const isNumber = present.length > 0 && present.every((text) => NUMBER.test(plain(text)) && !ZERO_FIRST.test(text));
  if (isNumber) return { type: "float64", values: map((text) => toNumber(plain(text))), leadingZeros: 0 };
  if (all(options.asEngine ? TRUTH : BOOL))
    return { type: "bool", values: map((text) => /^[ty]/i.test(text)), leadingZeros: 0 };
  const [found] = momentForms(present, ofAll);
  if (found && (options.asEngine || all(FULL_ISO))) return moments(texts, found);
  return { type: "str", values: given, leadingZeros };
}

function moments(texts: readonly (string | null)[], form: MomentForm): TextReading {
  const type = form.kind === "date" ? "date" : form.zoned ? "datetime64[us, UTC]" : "datetime64[us]";
  return {
    type,
    values: texts.map((text) => (text === null ? null : momentValue(text, form))),
    leadingZeros: 0,
    format: form.format,
  };
}

function isInt64(text: string): boolean {
  if (text.length < 18) return true;
  return BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

function toInteger(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

function toNumber(text: string): number {
  const number = Number(text);
  if (!Number.isNaN(number)) return number;
  if (/nan/i.test(text)) return Number.NaN;
  return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
