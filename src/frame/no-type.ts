import { UsageError } from "../errors.ts";
import { arrow, type DataType } from "./arrow.ts";
import { pandasType } from "./schema.ts";

/** A column that is not worked on, since nothing here holds its values. */
export function noType(
  name: string,
  type: DataType,
  hint = "leave it out by naming the others with --usecols, or turn it into plain columns first",
): UsageError {
  return new UsageError("E_NO_TYPE", `"${name}" is ${typeInWords(type)}, which is not worked on here`, { hint });
}

/** A type by its name, and as Arrow writes it where that says more. */
export function typeInWords(type: DataType): string {
  const name = pandasType(type);
  return arrow().DataType.isDecimal(type) ? name : `${name} (${type})`;
}
