import { ScanRefused } from "../refused.ts";
import type { Kind } from "../table.ts";
import { MOST_DIGITS, wholeRange } from "./sixty-four-bits.ts";

/**
 * What a declared type, under pandas' name, is read as; moments in `format` where they are not written in ISO.
 *
 * @throws {ScanRefused} for types that do not fit into 64 bits
 * @example
 * kindOfPandas("int8"); // { kind: "int", range: { min: -128n, max: 127n } }
 */
export function kindOfPandas(type: string, format?: string): Kind {
  const [, unsigned, bits] = /^(u?)int(8|16|32|64)$/.exec(type) ?? [];
  if (bits !== undefined) return intOf(Number(bits), unsigned === "u");
  const [, digits, scale] = /^decimal\((\d+), (\d+)\)$/.exec(type) ?? [];
  if (digits !== undefined) return decimalOf(Number(digits), Number(scale));
  switch (type) {
    case "float32":
      return { kind: "double", isNarrow: true };
    case "float64":
      return { kind: "double" };
    case "bool":
      return { kind: "bool" };
    case "str":
    case "category":
      return { kind: "text" };
    case "date":
      return { kind: "date", ...(format !== undefined && { format }) };
    case "datetime64[us]":
    case "datetime64[us, UTC]":
      return { kind: "timestamp", zoned: type.endsWith("UTC]"), ...(format !== undefined && { format }) };
    default:
      throw new ScanRefused("type", `columns of type ${type} are for another engine`);
  }
}

function intOf(bits: number, isUnsigned: boolean): Kind {
  if (bits === 64 && isUnsigned) throw new ScanRefused("type", "columns of type uint64 are for another engine");
  const range = wholeRange(bits, !isUnsigned);
  return { kind: "int", ...(range && { range }) };
}

function decimalOf(precision: number, scale: number): Kind {
  if (precision > MOST_DIGITS)
    throw new ScanRefused("type", `decimals of more than ${MOST_DIGITS} digits are for another engine`);
  return { kind: "decimal", scale, precision };
}
