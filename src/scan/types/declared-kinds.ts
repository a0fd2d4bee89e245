import { ScanRefused } from "../refused.ts";
import type { Kind } from "../table.ts";

/** The most digits of a decimal in 64 bits. */
const MOST_DIGITS = 18;

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
  if (bits === 64) {
    if (isUnsigned) throw new ScanRefused("type", "columns of type uint64 are for another engine");
    return { kind: "int" };
  }
  const [min, max] = isUnsigned
    ? [0n, 2n ** BigInt(bits) - 1n]
    : [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n];
  return { kind: "int", range: { min, max } };
}

function decimalOf(precision: number, scale: number): Kind {
  if (precision > MOST_DIGITS)
    throw new ScanRefused("type", `decimals of more than ${MOST_DIGITS} digits are for another engine`);
  return { kind: "decimal", scale, precision };
}
