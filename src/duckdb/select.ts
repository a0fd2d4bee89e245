import { OutgrowError } from "../errors.ts";
import { declaredFormat, formatAs } from "../source/moment-formats.ts";
import type { FileSource, TextOptions } from "../source/source.ts";
import { momentOfText } from "./moment-text.ts";
import { hasOwnNumbers, isWhole, numberText } from "./number-text.ts";
import { isPartition, scanOf } from "./scan.ts";
import { quoteName, quoteText } from "./sql.ts";
import { isInteger, safeRange, sqlTypeOf } from "./types.ts";

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
