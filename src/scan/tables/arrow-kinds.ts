import { arrow, type DataType } from "../../frame/arrow.ts";
import type { Kind } from "../table.ts";
import { MOST_DIGITS, wholeRange } from "../types/sixty-four-bits.ts";

const NANOSECOND = 3;
const [HALF, SINGLE] = [0, 1];

/** What the values of an Arrow type are to the scanner; undefined where it has nothing for them: nested values, bytes, times of day, wide decimals, half floats, nanoseconds. */
export function kindOfArrow(type: DataType): Kind | undefined {
  const { DataType } = arrow();
  if (DataType.isDictionary(type)) return isText(type.dictionary) ? { kind: "text" } : undefined;
  if (isText(type)) return { kind: "text" };
  if (DataType.isInt(type)) return { kind: "int", range: wholeRange(type.bitWidth, type.isSigned) };
  if (DataType.isFloat(type))
    return type.precision === HALF ? undefined : { kind: "double", isNarrow: type.precision === SINGLE };
  if (DataType.isBool(type)) return { kind: "bool" };
  if (DataType.isDate(type)) return type.unit === 0 ? { kind: "date" } : { kind: "timestamp", zoned: false };
  if (DataType.isTimestamp(type)) {
    const zoned = Boolean(type.timezone);
    return type.unit === NANOSECOND && !zoned ? undefined : { kind: "timestamp", zoned };
  }
  if (DataType.isDecimal(type)) {
    const { precision, scale } = type;
    const isKept = precision <= MOST_DIGITS && scale >= 0 && scale <= precision && type.bitWidth <= 128;
    return isKept ? { kind: "decimal", scale, precision } : undefined;
  }
  // A column of nothing is of numbers, as in pandas.
  return DataType.isNull(type) ? { kind: "double" } : undefined;
}

/** Texts in any of Arrow's layouts. */
export function isText(type: DataType): boolean {
  const { DataType } = arrow();
  return DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type);
}
