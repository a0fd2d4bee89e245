import { type NumberForm, plainNumbers } from "../../source/number-form.ts";
import type { Kind } from "../table.ts";
import { MOST_DIGITS } from "./sixty-four-bits.ts";

/**
 * The least kind that holds the values of `kind` and the text that does not read as one. Each step goes up, and all steps end
 * at text. A column's kind depends on its first misfit in the order of the file alone, and so on no number of threads.
 *
 * @example
 * widen({ kind: "int" }, "12.50"); // { kind: "decimal", scale: 2 }
 * widen({ kind: "int" }, "007"); // { kind: "text" }, as numbers they would lose their zeros
 */
export function widen(kind: Kind, misfit: string, form: NumberForm = {}): Kind {
  const text = misfit.trim();
  switch (kind.kind) {
    case "int":
      return widerThanWhole(plainNumbers(form)(text));
    case "decimal":
      return widerThanDecimal(kind.scale, plainNumbers(form)(text));
    case "date":
      return kind.format === undefined ? (timestampOf(text) ?? TEXT) : TEXT;
    case "double":
    case "bool":
    case "timestamp":
    case "text":
      return TEXT;
  }
}

const TEXT: Kind = { kind: "text" };
const DOUBLE: Kind = { kind: "double" };

/** A whole number that is no int has leading zeros or too many digits: it names something, and is kept as it is written. */
function widerThanWhole(text: string): Kind {
  if (/^-?\d+$/.test(text)) return /^-?0\d/.test(text) ? TEXT : { kind: "text", isDigits: true };
  return widerThanDecimal(0, text);
}

function widerThanDecimal(scale: number, text: string): Kind {
  const parts = decimalParts(text);
  if (parts === undefined) return isNumber(text) ? DOUBLE : TEXT;
  if (hasLeadingZero(parts.whole)) return TEXT;
  // The scale was enough, so that it was too large for it.
  if (parts.scale <= scale) return DOUBLE;
  const digits = parts.whole.replace(/^0+/, "").length + parts.scale;
  // With more of them it is a double.
  return digits <= MOST_DIGITS ? { kind: "decimal", scale: parts.scale } : DOUBLE;
}

/** Without a plus, which telephone numbers have. */
function decimalParts(text: string): { whole: string; scale: number } | undefined {
  const [whole = "", fraction = "", more] = text.replace(/^-/, "").split(".");
  if (more !== undefined || whole + fraction === "" || /\D/.test(whole + fraction)) return undefined;
  return { whole, scale: fraction.length };
}

function hasLeadingZero(whole: string): boolean {
  return /^0\d/.test(whole);
}

function isNumber(text: string): boolean {
  return /^-?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|nan|inf|infinity)$/i.test(text);
}

function timestampOf(text: string): Kind | undefined {
  const match = /^\d{4}-\d{1,2}-\d{1,2}[T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(Z|[+-]\d{2}(:?\d{2})?)?$/i.exec(text);
  return match ? { kind: "timestamp", zoned: match[3] !== undefined } : undefined;
}
