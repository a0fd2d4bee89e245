import path from "node:path";
import { OutgrowError, UsageError } from "../errors.ts";
import { declaredFormat, formatAs } from "../source/moment-formats.ts";
import type { FileSource, TextOptions } from "../source/source.ts";
import { momentOfText } from "./moment-text.ts";
import { hasOwnNumbers, isWhole, numberText } from "./number-text.ts";
import { quoteList, quoteName, quoteText } from "./sql.ts";
import { isInteger, safeRange, sqlTypeOf } from "./types.ts";

/** Small read buffers: with the engine's own of 32 MB a group-by takes 150 MB more and is no faster. */
const CSV_BUFFER_BYTES = 4_000_000;

/** A column as it is read: the type that it has at rest, and the type that the query sees. */
export interface ScanColumn {
  readonly name: string;
  /** SQL type that the engine found. */
  readonly found: string;
  /** pandas' type that the query sees. */
  readonly type: string;
  /** Moments are read from their texts; `format` is their strftime pattern where they are not in ISO. */
  readonly isWritten?: boolean | undefined;
  readonly format?: string | undefined;
  /** Integers beyond 2^53 occur: they are read from their digits, which is slower. */
  readonly isWide?: boolean | undefined;
}

/**
 * A query that reads the columns of a source under their types.
 *
 * Integers in CSV are read as doubles and checked: the engine itself, when it has taken a column for integers, reads a
 * later `30000.5` as `30001` without a word. A value that fails the check raises an error that starts with `GUARD`.
 *
 * @throws {UsageError} E_FORMAT for Arrow files, which the engine cannot read
 */
export function selectOf(source: FileSource, columns: readonly ScanColumn[]): string {
  const list = columns.map((column) => `${readColumn(source, column)} AS ${quoteName(column.name)}`);
  return `SELECT ${list.join(", ")} FROM ${scanOf(source, Object.fromEntries(columns.map((column) => [column.name, readAs(source, column)])))}`;
}

/** How a failed check announces itself in the engine's message. */
export const GUARD = "outgrow-guard";

/** The column of whole numbers in which the engine's failure says that something else is; undefined for other failures. */
export function guardFailure(failure: unknown): string | undefined {
  const message = failure instanceof OutgrowError ? String((failure.cause as Error | undefined)?.message) : "";
  return new RegExp(`${GUARD}:integer:([\\s\\S]*?):end`).exec(message)?.[1];
}

/** SQL that raises that. */
function raise(column: string): string {
  return `error(${quoteText(`${GUARD}:integer:${column}:end`)})`;
}

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

function readAs(source: FileSource, column: ScanColumn): string {
  const { name, type, isWide, found } = column;
  // As it stands there, and not as the engine writes moments.
  if (source.format === "json" && MOMENT.test(found) && isTextType(type)) return "VARCHAR";
  if (source.format !== "csv" || isPartition(source, name)) return found;
  if (hasWrittenMoments(source, column)) return "VARCHAR";
  if (hasWrittenNumbers(source, type)) return "VARCHAR";
  if (!isInteger(type))
    return sqlTypeOf(type) === "VARCHAR" && found !== "VARCHAR" && !isTextType(type) ? found : sqlTypeOf(type);
  return isWide ? "VARCHAR" : "DOUBLE";
}

function readColumn(source: FileSource, column: ScanColumn): string {
  const { format } = source;
  const { name, type, found, isWide } = column;
  const value = quoteName(name);
  const sqlType = sqlTypeOf(type);
  // As it is, so that a condition leaves out files.
  if (isPartition(source, name) && (found === sqlType || !isInteger(type)))
    return found === sqlType ? value : `CAST(${value} AS ${sqlType})`;
  if (hasWrittenMoments(source, column)) return readMoments(source, column);
  if (hasWrittenNumbers(source, type)) {
    const read = isInteger(type) ? readWholes : readNumbers;
    return read(source.text, name, isInteger(type) && (isWide || found === "HUGEINT") ? "HUGEINT" : sqlType);
  }
  if (!isInteger(type)) {
    const isKept = format === "csv" || found === sqlType || (sqlType === "VARCHAR" && !isTextType(type));
    return isKept ? value : `CAST(${value} AS ${sqlType})`;
  }
  const isText = format === "csv" && !isPartition(source, name);
  const isFloating = isText || /^(DOUBLE|FLOAT|DECIMAL|VARCHAR)/.test(found);
  if (!isFloating) return found === sqlType || found === "HUGEINT" ? value : `CAST(${value} AS ${sqlType})`;
  const failure = raise(name);
  if (isWide)
    return `CASE WHEN ${value} IS NULL OR regexp_full_match(${value}, '\\s*[+-]?[0-9]+\\s*') THEN CAST(${value} AS HUGEINT) ELSE CAST(${failure} AS HUGEINT) END`;
  const number = found === "DOUBLE" || isText ? value : `CAST(${value} AS DOUBLE)`;
  const { low, high } = safeRange(type);
  const isWrong = `trunc(${number}) IS DISTINCT FROM ${number} OR ${number} < ${low} OR ${number} > ${high}`;
  return `CASE WHEN ${isWrong} THEN CAST(${failure} AS ${sqlType}) ELSE CAST(${number} AS ${sqlType}) END`;
}

/** Moments that the engine would not read as they were found, or as they are declared: it has one format for all columns, and drops what a declared type has no room for. */
function hasWrittenMoments({ format }: FileSource, { type, found, isWritten }: ScanColumn): boolean {
  if (format !== "csv" || !/^date/.test(type)) return false;
  return isWritten === true || sqlTypeOf(type) !== found.replace(/_(S|MS|NS)$/, "");
}

const MOMENT = /^(DATE|TIMESTAMP)/;

function readMoments({ text }: FileSource, { name, type, found, format }: ScanColumn): string {
  const value = quoteName(name);
  const sqlType = sqlTypeOf(type);
  const written = MOMENT.test(found) ? format : declaredFormat(text, name);
  const moment = momentOfText(value, sqlType, formatAs(type, written));
  return `CASE WHEN ${moment} IS NULL AND ${value} IS NOT NULL THEN CAST(${misfit(name, sqlType)} AS ${sqlType}) ELSE ${moment} END`;
}

/** SQL that raises a value that is not of its type, in the engine's words. */
function misfit(name: string, sqlType: string): string {
  return `error(${quoteText('Could not convert string "')} || ${quoteName(name)} || ${quoteText(`" to '${sqlType}' in column "${name}"`)})`;
}

/** Numbers of a type that are read from their texts; whole ones only where something else sets thousands apart. */
function hasWrittenNumbers(source: FileSource, type: string): boolean {
  return hasOwnNumbers(source) && (source.text.thousands === undefined ? /^(float|decimal)/ : NUMBERS).test(type);
}

const NUMBERS = /^(u?int|float|decimal)/;

function readNumbers(text: TextOptions, name: string, sqlType: string): string {
  const value = quoteName(name);
  const number = `TRY_CAST(${numberText(text, value)} AS ${sqlType})`;
  return `CASE WHEN ${number} IS NULL AND ${value} IS NOT NULL THEN CAST(${misfit(name, sqlType)} AS ${sqlType}) ELSE ${number} END`;
}

/** A cast alone would round. */
function readWholes(text: TextOptions, name: string, sqlType: string): string {
  const value = quoteName(name);
  const number = `TRY_CAST(${numberText(text, value)} AS ${sqlType})`;
  const failure = `CAST(${raise(name)} AS ${sqlType})`;
  return `CASE WHEN ${value} IS NULL THEN NULL WHEN ${number} IS NULL OR NOT ${isWhole(text, value, true)} THEN ${failure} ELSE ${number} END`;
}

function isTextType(type: string): boolean {
  return type === "str" || type === "category";
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
