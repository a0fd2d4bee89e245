import type { Kind } from "../table.ts";

/**
 * pandas' name of what a column's values are. Decimals of text are numbers there, as other tools have them, unless they are declared.
 *
 * @example
 * pandasTypeOf({ kind: "decimal", scale: 2 }); // "float64"
 */
export function pandasTypeOf(kind: Kind): string {
  switch (kind.kind) {
    case "int":
      return kind.range ? `${kind.range.min < 0n ? "int" : "uint"}${bitsOf(kind.range)}` : "int64";
    case "decimal":
      return kind.precision === undefined ? "float64" : `decimal(${kind.precision}, ${kind.scale})`;
    case "double":
      return kind.isNarrow ? "float32" : "float64";
    case "timestamp":
      return kind.zoned ? "datetime64[us, UTC]" : "datetime64[us]";
    case "text":
      return "str";
    case "bool":
    case "date":
      return kind.kind;
  }
}

function bitsOf({ min, max }: { readonly min: bigint; readonly max: bigint }): number {
  return max.toString(2).length + (min < 0n ? 1 : 0);
}
