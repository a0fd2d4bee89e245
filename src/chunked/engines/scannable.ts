import { parseDtypes } from "../../query/dtypes.ts";
import type { SourceSchema } from "../../query/plan.ts";
import { ScanRefused } from "../../scan/refused.ts";
import type { ScanTable } from "../../scan/table.ts";
import { pandasTypeOf } from "../../scan/types/pandas-type.ts";
import type { FileSource } from "../../source/source.ts";

/** Why a source is not for the scanner: formats that are not text, and files whose columns must be brought together first. */
export function whyNotText({
  format,
  what,
  compression,
  isDrifting,
  partitions,
  text,
}: FileSource): string | undefined {
  if (format !== "csv" && format !== "json") return `the data are ${what ?? FORMATS[format]}`;
  if (compression === "zstd") return "the files are packed with Zstandard";
  if (isDrifting) return "the files differ in their columns";
  if (partitions) return "folders hold columns";
  return format === "csv" && text.header === false ? "the columns have no names" : undefined;
}

const FORMATS = { parquet: "Parquet", arrow: "Arrow" } as const;

/** The columns of a table under pandas' types, declared ones under the names that were given. */
export function schemaOf(
  { columns, format }: ScanTable,
  dtype: string | Readonly<Record<string, string>> = {},
): SourceSchema {
  const declared = parseDtypes(dtype);
  return {
    columns: columns.map(({ name, type }) => ({
      name,
      type: Object.hasOwn(declared, name) ? (declared[name] as string) : pandasTypeOf(type),
      // What is a moment in JSON is in ISO.
      ...("format" in type && format === "csv" && { format: type.format }),
    })),
  };
}

/**
 * Refuses a table in which a used column has whole numbers of more than 64 bits: the general engine has a type for them, and to
 * the scanner they are texts.
 *
 * @throws {ScanRefused}
 */
export function refuseDigits({ columns }: ScanTable, used: Iterable<string>): void {
  const names = new Set(used);
  const odd = columns.find(({ name, type }) => names.has(name) && type.kind === "text" && type.isDigits);
  if (odd) throw new ScanRefused("type", `"${odd.name}" has whole numbers of more than 64 bits`);
}
