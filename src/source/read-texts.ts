import { type NumberForm, plainNumbers } from "./number-form.ts";

/** What the texts of a column read as, all of them. */
export interface TextReading {
  /** pandas' name; `str` when nothing narrower fits. */
  readonly type: string;
  readonly values: readonly unknown[];
  /** Digits that start with a zero. */
  readonly leadingZeros: number;
}

const INTEGER = /^-?(0|[1-9]\d{0,18})$/;
/** Without a plus, which telephone numbers have and the readers take for a letter. */
const NUMBER = /^-?((\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|nan|inf(inity)?)$/i;
const ZERO_FIRST = /^[-+]?0\d/;
const BOOL = /^(true|false)$/i;
/** What the engine takes for truth values in delimited text. */
const TRUTH = /^(true|false|t|f|yes|no|y|n)$/i;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?$/;
const ZONE = /(Z|[+-]\d{2}(:?\d{2})?)$/;

/** Words that stand for a missing value in files of other tools. */
export const NULL_WORD = /^(#?n\/?a|null|none|nil|nan|missing|unknown|-+|\.|\?|\\n)$/i;

interface ReadingOptions extends NumberForm {
  /** Take yes and no for truth values, as the engine does in delimited text. */
  readonly asEngine?: boolean | undefined;
}

/** The narrowest type that every text reads as; null is a missing value. A column of nothing but nulls is text. */
export function readTexts(given: readonly (string | null)[], options: ReadingOptions = {}): TextReading {
  // Blanks around a number or date are no part of it.
  const texts = given.map((text) => text?.trim() ?? null);
  const present = texts.filter((text) => text !== null);
  const all = (pattern: RegExp) => present.length > 0 && present.every((text) => pattern.test(text));
  const plain = plainNumbers(options);
  const map = (read: (text: string) => unknown) => texts.map((text) => (text === null ? null : read(text)));
  const leadingZeros = all(/^\d+$/) ? present.filter((text) => ZERO_FIRST.test(text)).length : 0;
  const isInteger = present.length > 0 && present.every((text) => INTEGER.test(plain(text)) && isInt64(plain(text)));
  if (isInteger) return { type: "int64", values: map((text) => toInteger(plain(text))), leadingZeros };
  const isNumber = present.length > 0 && present.every((text) => NUMBER.test(plain(text)) && !ZERO_FIRST.test(text));
  if (isNumber) return { type: "float64", values: map((text) => toNumber(plain(text))), leadingZeros: 0 };
  if (all(options.asEngine ? TRUTH : BOOL))
    return { type: "bool", values: map((text) => /^[ty]/i.test(text)), leadingZeros: 0 };
  const isTime = all(TIMESTAMP) || all(DATE);
  if (isTime && map(toDate).every((date) => date === null || !Number.isNaN((date as Date).getTime()))) {
    const type = all(DATE) ? "date" : all(ZONE) ? "datetime64[us, UTC]" : "datetime64[us]";
    return { type, values: map(toDate), leadingZeros: 0 };
  }
  return { type: "str", values: given, leadingZeros };
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

/** Without a zone a time of day is taken as UTC, as everywhere in Outgrow. */
function toDate(text: string): Date {
  if (DATE.test(text)) return new Date(`${text}T00:00:00Z`);
  const iso = text.replace(" ", "T").replace(" ", "");
  return new Date(ZONE.test(iso.slice(11)) ? iso.replace(/([+-]\d{2})$/, "$1:00") : `${iso}Z`);
}
