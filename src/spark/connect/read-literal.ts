import type { Expression_Literal } from "#spark-proto/expressions";
import { KernelBug } from "../../errors.ts";

const DAY_MS = 86_400_000;

/**
 * A literal that Spark sent as a plain value: decimals as numbers, dates and timestamps as `Date`, maps as `Map`, whole numbers beyond
 * 2^53 as bigint.
 *
 * @param struct makes a value of the parts of a struct
 */
export function readLiteral(
  { literalType: type }: Expression_Literal,
  struct: (parts: readonly unknown[]) => unknown = (parts) => parts,
): unknown {
  const read = (literal: Expression_Literal): unknown => readLiteral(literal, struct);
  switch (type.case) {
    case "null":
      return null;
    case "boolean":
    case "byte":
    case "short":
    case "integer":
    case "float":
    case "double":
    case "string":
    case "binary":
      return type.value;
    case "long":
      return Number.isSafeInteger(Number(type.value)) ? Number(type.value) : type.value;
    case "decimal":
      return Number(type.value.value);
    case "date":
      return new Date(type.value * DAY_MS);
    case "timestamp":
    case "timestampNtz":
      return new Date(Number(type.value) / 1000);
    case "array":
      return type.value.elements.map(read);
    case "map": {
      const { keys, values } = type.value;
      return new Map(keys.map((key, i) => [read(key), read(values[i] as Expression_Literal)]));
    }
    case "specializedArray":
      return type.value.valueType.case === undefined ? [] : [...type.value.valueType.value.values];
    case "struct":
      return struct(type.value.elements.map(read));
    default:
      throw new KernelBug(`Spark sent a value of the kind "${type.case}", which is not known here`);
  }
}
