import type { Kind } from "../table.ts";
import { MOST_DIGITS, type WholeRange, wholeRange } from "../types/sixty-four-bits.ts";
import { type FlatElement, LOGICAL, type Logical } from "./schema-element.ts";

/** What the values of a column are to the scanner, and how they lie in pages. */
export interface ColumnForm {
  readonly kind: Kind;
  readonly stored: Stored;
  /** Bytes of a stored value; 0 for texts and truth values. */
  readonly bytes: number;
  /** Narrower whole numbers are widened by their sign. */
  readonly isSigned: boolean;
  /** Moments are multiplied to microseconds. */
  readonly factor: number;
  /** The type allows less than the bytes hold. */
  readonly range: WholeRange | undefined;
}

export type Stored = "bool" | "whole" | "float" | "double" | "text" | "swapped";

/** Physical types of the format. */
const TYPE = { bool: 0, int32: 1, int64: 2, float: 4, double: 5, bytes: 6, fixed: 7 } as const;
/** Older names of what values are, and their successors. */
const CONVERTED = { utf8: 0, decimal: 5, date: 6, uint8: 11, uint64: 14, int8: 15, int64: 18 } as const;
const [MILLISECONDS, MICROSECONDS] = [1, 2];
const MOST_FIXED = 16;

/** The form of a column; undefined where the scanner has none for it: bytes, times of day, moments in 96 bits or to the nanosecond, wide decimals and what is newer. */
export function formOf(element: FlatElement): ColumnForm | undefined {
  const plain = { isSigned: true, factor: 1, range: undefined } as const;
  const { type, converted, logical } = element;
  const isBare = converted === undefined && logical === undefined;
  switch (type) {
    case TYPE.bool:
      return isBare ? { ...plain, kind: { kind: "bool" }, stored: "bool", bytes: 0 } : undefined;
    case TYPE.float:
      return isBare ? { ...plain, kind: { kind: "double", isNarrow: true }, stored: "float", bytes: 4 } : undefined;
    case TYPE.double:
      return isBare ? { ...plain, kind: { kind: "double", isNarrow: false }, stored: "double", bytes: 8 } : undefined;
    case TYPE.bytes:
      return isText(element) ? { ...plain, kind: { kind: "text" }, stored: "text", bytes: 0 } : undefined;
    case TYPE.int32:
    case TYPE.int64:
      return wholeForm(element, type === TYPE.int32 ? 32 : 64);
    case TYPE.fixed:
      return fixedForm(element);
    default:
      return undefined;
  }
}

function isText({ converted, logical }: FlatElement): boolean {
  return logical ? logical.id === LOGICAL.text : converted === CONVERTED.utf8;
}

function wholeForm(element: FlatElement, stored: 32 | 64): ColumnForm | undefined {
  const { converted, logical } = element;
  const form = { stored: "whole", bytes: stored / 8, isSigned: true, factor: 1, range: undefined } as const;
  if (isDecimal(element)) return decimalForm(element, form);
  if (logical ? logical.id === LOGICAL.date : converted === CONVERTED.date)
    return stored === 32 ? { ...form, kind: { kind: "date" } } : undefined;
  if (logical?.id === LOGICAL.timestamp) return stored === 64 ? momentForm(logical, form) : undefined;
  const whole = wholeOf(element, stored);
  if (!whole || whole.bits > stored) return undefined;
  const range = wholeRange(whole.bits, whole.isSigned);
  return {
    ...form,
    kind: { kind: "int", range },
    isSigned: whole.isSigned,
    range: whole.bits < stored ? range : undefined,
  };
}

function isDecimal({ converted, logical }: FlatElement): boolean {
  return logical ? logical.id === LOGICAL.decimal : converted === CONVERTED.decimal;
}

function decimalForm(
  { logical, scale, precision }: FlatElement,
  form: Omit<ColumnForm, "kind">,
): ColumnForm | undefined {
  const [digits, places] = [logical?.precision ?? precision, logical?.scale ?? scale];
  if (digits < 1 || digits > MOST_DIGITS || places < 0 || places > digits) return undefined;
  const max = 10n ** BigInt(digits) - 1n;
  return { ...form, kind: { kind: "decimal", scale: places, precision: digits }, range: { min: -max, max } };
}

function momentForm({ isUtc, unit }: Logical, form: Omit<ColumnForm, "kind">): ColumnForm | undefined {
  if (isUtc === undefined || (unit !== MILLISECONDS && unit !== MICROSECONDS)) return undefined;
  return { ...form, kind: { kind: "timestamp", zoned: isUtc }, factor: unit === MILLISECONDS ? 1000 : 1 };
}

function fixedForm(element: FlatElement): ColumnForm | undefined {
  const { length } = element;
  if (!isDecimal(element) || length < 1 || length > MOST_FIXED) return undefined;
  return decimalForm(element, { stored: "swapped", bytes: length, isSigned: true, factor: 1, range: undefined });
}

interface Whole {
  readonly bits: number;
  readonly isSigned: boolean;
}

function wholeOf({ converted, logical }: FlatElement, stored: 32 | 64): Whole | undefined {
  if (logical) {
    const { id, bits, isSigned } = logical;
    const isKnown = id === LOGICAL.integer && isSigned !== undefined && [8, 16, 32, 64].includes(bits ?? 0);
    return isKnown ? { bits: bits as number, isSigned } : undefined;
  }
  if (converted === undefined) return { bits: stored, isSigned: true };
  if (converted >= CONVERTED.uint8 && converted <= CONVERTED.uint64)
    return { bits: 8 << (converted - CONVERTED.uint8), isSigned: false };
  if (converted >= CONVERTED.int8 && converted <= CONVERTED.int64)
    return { bits: 8 << (converted - CONVERTED.int8), isSigned: true };
  return undefined;
}
