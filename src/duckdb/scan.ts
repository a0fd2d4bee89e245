import path from "node:path";
import { UsageError } from "../errors.ts";
import type { FileSource } from "../source/source.ts";
import { quoteWord } from "../source/text.ts";
import { quoteList, quoteText } from "./sql.ts";
import { sqlTypeOf } from "./types.ts";

/** Small read buffers: with the engine's own of 32 MB a group-by takes 150 MB more and is no faster. */
const CSV_BUFFER_BYTES = 4_000_000;

/** The FROM clause that reads a source, with the SQL types that CSV columns are to be read as. */
export function scanOf(source: FileSource, types: Readonly<Record<string, string>> = {}): string {
  const paths = quoteList(source.files.map(({ path }) => path.replace(/[*?[]/g, "[$&]")));
  if (source.format === "parquet") return `read_parquet(${paths}${partitioned(source)}${byName(source)})`;
  if (source.format === "json")
    return `read_json(${[paths, ...jsonOptions(source, types)].join(", ")}${partitioned(source)})`;
  if (source.format === "csv")
    return `read_csv(${[paths, ...csvOptions(source, types)].join(", ")}${partitioned(source)}${byName(source)})`;
  throw new UsageError("E_FORMAT", `"${source.label}" is an Arrow file, which the engine cannot read`, {
    hint: "write it as Parquet, which is smaller and as fast",
  });
}

/** A scan is a call with named options at its end. */
export function withOptions(scan: string, options: string): string {
  return `${scan.slice(0, -1)}, ${options})`;
}

/** Spark and Hive keep columns in the names of folders. Folders of the kind above those that were asked for are none. */
function partitioned({ partitions }: FileSource): string {
  if (!partitions) return ", hive_partitioning = false";
  const types = partitions.columns.map(({ name, type }) => `${quoteText(name)}: ${sqlTypeOf(type)}`);
  return `, hive_partitioning = true, hive_types = {${types.join(", ")}}`;
}

/** Whether a column stands in the names of folders, which have types of their own. */
export function isPartition({ partitions }: FileSource, name: string): boolean {
  return partitions?.columns.some((column) => column.name === name) ?? false;
}

/** Whether a column is the name of a folder above the data, which is a column to the engine alone. */
export function isAbove({ partitions }: FileSource, name: string): boolean {
  return partitions?.above.includes(name) ?? false;
}

/** The types of what stands in the files. */
function typePairs(source: FileSource, types: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(types).filter(([name]) => !isPartition(source, name));
}

/** Files that were written at different times differ in their columns: all of them are read, and null where a file has none. */
function byName({ format, files, isDrifting }: FileSource): string {
  return files.length > 1 && (format === "parquet" || isDrifting) ? ", union_by_name = true" : "";
}

function csvOptions(source: FileSource, types: Readonly<Record<string, string>>): string[] {
  const { text, compression, quoting } = source;
  const { sep, header, skipRows, badRows, na, encoding, decimal } = text;
  if (encoding === "windows-1252") throw notRead(source);
  // What is left to be guessed is guessed from the first rows: a later quote, a line that starts with # or a ragged row,
  // which makes all rows before it vanish, goes wrong then.
  const options = [
    `header = ${header ?? true}`,
    `quote = ${quoteText(quoting?.quote ?? '"')}`,
    `escape = ${quoteText(quoting?.escape ?? '"')}`,
    "comment = ''",
    `skip = ${skipRows ?? 0}`,
    `buffer_size = ${CSV_BUFFER_BYTES}`,
  ];
  if (badRows === "skip") options.push(...skipBadRows(source));
  if (sep !== undefined) options.push(`delim = ${quoteText(sep)}`);
  const divided = na?.find((word) => sep !== undefined && word.includes(sep));
  if (divided !== undefined)
    throw new UsageError("E_BAD_TEXT_OPTION", `--na "${divided}" holds the separator of fields`, {
      hint: `give all words that mean missing one by one: --na ${divided
        .split(sep ?? ",")
        .map((word) => quoteWord(word))
        .join(",")}`,
    });
  if (na !== undefined && na.length > 0) options.push(`nullstr = ${quoteList(["", ...na])}`);
  if (encoding !== undefined && encoding !== "utf-8") options.push(`encoding = ${quoteText(encoding)}`);
  if (decimal === ",") options.push("decimal_separator = ','");
  if (compression !== undefined) options.push(`compression = ${quoteText(compression)}`);
  const pairs = typePairs(source, types).map(([name, type]) => `${quoteText(name)}: ${quoteText(type)}`);
  if (pairs.length > 0) options.push(`types = {${pairs.join(", ")}}`);
  return options;
}

/** The engine knows this encoding only with an extension that it would load from the net; `inUtf8` copies what Node can unpack. */
function notRead({ label, files }: FileSource): UsageError {
  const name = path.basename(files[0]?.path ?? label);
  return new UsageError(
    "E_ENCODING_OF_ENGINE",
    `"${label}" is Windows-1252 and packed as zstd, which no engine here reads together`,
    { hint: `unpack it first: !zstd -d "${name}"` },
  );
}

/** What was left out is listed, so that it can be counted: see `leftOutNotes`. */
function skipBadRows({ isDrifting, label }: FileSource): string[] {
  if (!isDrifting) return ["ignore_errors = true", "store_rejects = true", "rejects_limit = 0"];
  throw new UsageError(
    "E_BAD_TEXT_OPTION",
    `the files of "${label}" differ in their columns, and bad rows of such are not left out`,
    {
      hint: "work through the files of each kind alone, or mend the rows",
    },
  );
}

/** A pattern with a time of day reads timestamps, one without reads dates. */
function dateFormats(pattern: string): string[] {
  const hasTime = /%[HIMSTfpc]/.test(pattern);
  return [`${hasTime ? "timestampformat" : "dateformat"} = ${quoteText(pattern)}`];
}

/** The engine calls a key "A" beside "a" "A_1", and would look for that key when it is given as a name. */
function hasRenamed(names: readonly string[]): boolean {
  const lower = new Set(names.map((name) => name.toLowerCase()));
  return names.some((name) => lower.has(name.toLowerCase().replace(/_\d+$/, "")) && /_\d+$/.test(name));
}

/**
 * To find the types all rows are looked at: a late 1.5 in a column of integers would be rounded without a word. A query
 * then names the types, so that they are looked for only once.
 */
function jsonOptions(source: FileSource, types: Readonly<Record<string, string>>): string[] {
  const { compression, isArray, text } = source;
  const pairs = typePairs(source, types).map(([name, type]) => `${quoteText(name)}: ${quoteText(type)}`);
  const options =
    pairs.length > 0 && !hasRenamed(Object.keys(types))
      ? [`columns = {${pairs.join(", ")}}`]
      : ["sample_size = -1", "maximum_sample_files = 1000000"];
  if (compression !== undefined) options.push(`compression = ${quoteText(compression)}`);
  // To find that out itself the engine lays 128 MB aside, twice.
  if (isArray) options.push("format = 'array'");
  if (typeof text.dateFormat === "string") options.push(...dateFormats(text.dateFormat));
  return options;
}
