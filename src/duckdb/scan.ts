import { UsageError } from "../errors.ts";
import type { FileSource } from "../source/source.ts";
import { quoteList, quoteText } from "./sql.ts";

/** Small read buffers: with the engine's own of 32 MB a group-by takes 150 MB more and is no faster. */
const CSV_BUFFER_BYTES = 4_000_000;

/** SQL types of the columns that are not to have the type that was found. */
export type SqlTypes = Readonly<Record<string, string>>;

/**
 * The FROM clause that reads a source.
 *
 * @throws {UsageError} E_FORMAT for Arrow files, which the engine cannot read
 */
export function scanOf(source: FileSource, types: SqlTypes = {}): string {
  const paths = quoteList(source.files.map((file) => escapeGlob(file.path)));
  if (source.format === "parquet") return `read_parquet(${paths}${partitioned(source)})`;
  if (source.format === "json") return `read_json(${[paths, ...jsonOptions(source, types)].join(", ")})`;
  if (source.format === "csv") return `read_csv(${[paths, ...csvOptions(source, types)].join(", ")})`;
  throw new UsageError("E_FORMAT", `"${source.label}" is an Arrow file, which the engine cannot read`, {
    hint: "write it as Parquet, which is smaller and as fast",
  });
}

/** Patterns are expanded before, so what is left of them in a name is meant literally. */
function escapeGlob(path: string): string {
  return path.replace(/[*?[]/g, "[$&]");
}

/** Spark and Hive keep columns in the names of folders. */
function partitioned(source: FileSource): string {
  return source.files.some(({ path }) => /[\\/][^\\/=]+=[^\\/]*[\\/]/.test(path)) ? ", hive_partitioning = true" : "";
}

function csvOptions({ text, compression }: FileSource, types: SqlTypes): string[] {
  const { sep, header, na, encoding, decimal, dateFormat } = text;
  // What is left to be guessed is guessed from the first rows, and a later quote or a line that starts with # goes wrong.
  const options = [
    `header = ${header ?? true}`,
    `quote = '"'`,
    `escape = '"'`,
    "comment = ''",
    `buffer_size = ${CSV_BUFFER_BYTES}`,
  ];
  if (sep !== undefined) options.push(`delim = ${quoteText(sep)}`);
  if (na !== undefined && na.length > 0) options.push(`nullstr = ${quoteList(["", ...na])}`);
  if (encoding !== undefined && encoding !== "utf-8") options.push(`encoding = ${quoteText(encoding)}`);
  if (decimal === ",") options.push("decimal_separator = ','");
  if (dateFormat !== undefined) options.push(...dateFormats(dateFormat));
  if (compression !== undefined) options.push(`compression = ${quoteText(compression)}`);
  if (Object.keys(types).length > 0) options.push(`types = ${structOf(types)}`);
  return options;
}

/** A pattern with a time of day reads timestamps, one without reads dates. */
function dateFormats(pattern: string): string[] {
  const hasTime = /%[HIMSTfpc]/.test(pattern);
  return [`${hasTime ? "timestampformat" : "dateformat"} = ${quoteText(pattern)}`];
}

function jsonOptions({ compression, text }: FileSource, types: SqlTypes): string[] {
  const options = compression === undefined ? [] : [`compression = ${quoteText(compression)}`];
  if (text.dateFormat !== undefined) options.push(...dateFormats(text.dateFormat));
  // Only named columns would be read with `columns`, so other types are cast by the query.
  void types;
  return options;
}

function structOf(types: SqlTypes): string {
  return `{${Object.entries(types)
    .map(([name, type]) => `${quoteText(name)}: ${quoteText(type)}`)
    .join(", ")}}`;
}
