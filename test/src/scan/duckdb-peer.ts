import type { DuckdbSession } from "../../../src/duckdb/session.ts";
import { quoteList, quoteName, quoteText } from "../../../src/duckdb/sql.ts";
import type { ColumnTest, GroupAggregate, GroupRequest } from "../../../src/scan/request.ts";
import type { Dialect, Kind, ScanColumn } from "../../../src/scan/table.ts";
import { type Found, foundIn } from "./compare.ts";

/** The columns of a file as DuckDB reads them, under their types or as the texts that they are. */
export async function columnsByDuckdb(
  session: DuckdbSession,
  file: string,
  dialect: Dialect,
  columns: readonly ScanColumn[],
): Promise<Found[]> {
  return foundIn((await session.query(`SELECT * FROM ${scanOf(file, dialect, columns)}`)).columns);
}

/** The groups of a request as DuckDB computes them. */
export async function groupsByDuckdb(
  session: DuckdbSession,
  file: string,
  dialect: Dialect,
  columns: readonly ScanColumn[],
  { keys, aggregates, where = [] }: GroupRequest,
): Promise<Found[]> {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const list = [
    ...keys.map((key) => keyOf(key, types.get(key) as Kind)),
    ...aggregates.map((one) => `${aggregateOf(one, types.get(one.column))} AS ${quoteName(one.name)}`),
  ];
  const tests = where.map((one) => `(${testOf(one, types.get(one.column) as Kind)})`).join(" AND ");
  const rows = `SELECT *, row_number() OVER () AS "file order" FROM ${scanOf(file, dialect, columns)}`;
  const group = keys.length > 0 ? ` GROUP BY ${keys.map((_, i) => i + 1).join(", ")}` : "";
  const query = `SELECT ${list.join(", ")} FROM (${rows})${tests ? ` WHERE ${tests}` : ""}${group}`;
  return foundIn((await session.query(query)).columns);
}

function scanOf(file: string, dialect: Dialect, columns: readonly ScanColumn[]): string {
  const types = columns.map(({ name, type }) => `${quoteText(name)}: ${quoteText(sqlType(type))}`);
  const dates = columns.flatMap(({ type }) => (type.kind === "date" && type.format ? [type.format] : []));
  const encodings = { "utf-8": "utf-8", "utf-16le": "utf-16", "latin-1": "latin-1" } as const;
  const options = [
    quoteText(file),
    "auto_detect = false",
    `columns = {${types.join(", ")}}`,
    `delim = ${quoteText(dialect.separator)}`,
    `quote = ${quoteText(dialect.quote ?? "")}`,
    `escape = ${quoteText(dialect.escape ?? "")}`,
    `header = ${dialect.header}`,
    `nullstr = ${quoteList(["", ...dialect.nulls])}`,
    `encoding = ${quoteText(encodings[dialect.encoding as keyof typeof encodings])}`,
    `new_line = ${quoteText(dialect.newline === "crlf" ? "\\r\\n" : "\\n")}`,
    "comment = ''",
    `decimal_separator = ${quoteText(dialect.decimal)}`,
    ...dates.slice(0, 1).map((format) => `dateformat = ${quoteText(format)}`),
  ];
  return `read_csv(${options.join(", ")})`;
}

function sqlType(type: Kind): string {
  switch (type.kind) {
    case "int":
      return type.range?.min === -128n ? "TINYINT" : "BIGINT";
    case "decimal":
      return `DECIMAL(18, ${type.scale})`;
    case "double":
      return type.isNarrow ? "FLOAT" : "DOUBLE";
    case "bool":
      return "BOOLEAN";
    case "date":
      return "DATE";
    case "timestamp":
      return type.zoned ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP";
    case "text":
      return "VARCHAR";
  }
}

/** 0 and -0 are one key in SQL, too. */
function keyOf(key: string, { kind }: Kind): string {
  const name = quoteName(key);
  return kind === "double" ? `CASE WHEN ${name} = 0 THEN 0 ELSE ${name} END AS ${name}` : name;
}

function aggregateOf({ fn, column }: GroupAggregate, type: Kind | undefined): string {
  if (column === "*" || !type) return "count(*)";
  const name = quoteName(column);
  const number = type.kind === "double" ? `CAST(${name} AS DOUBLE)` : name;
  const whole = type.kind === "bool" ? `CAST(${name} AS INTEGER)` : number;
  const areFinite = type.kind === "double" ? `bool_and(isfinite(${number}))` : "true";
  switch (fn) {
    case "count":
    case "min":
    case "max":
      return `${fn}(${name})`;
    case "nunique":
      return `count(DISTINCT ${name})`;
    case "first":
      return `first(${name} ORDER BY "file order") FILTER (WHERE ${name} IS NOT NULL)`;
    case "last":
      return `last(${name} ORDER BY "file order") FILTER (WHERE ${name} IS NOT NULL)`;
    case "any":
    case "all":
      return `${fn === "any" ? "bool_or" : "bool_and"}(${type.kind === "bool" ? name : `${name} <> 0`})`;
    case "sum":
      return `sum(${whole})`;
    case "mean":
      return `CAST(sum(${whole}) AS DOUBLE) / count(${name})`;
    case "var":
    case "std": {
      const spread = `${fn === "var" ? "var_samp" : "stddev_samp"}(CAST(${name} AS DOUBLE))`;
      const guarded = `${spread} FILTER (WHERE ${type.kind === "double" ? `isfinite(${number})` : "true"})`;
      return `CASE WHEN count(${name}) < 2 THEN NULL WHEN NOT ${areFinite} THEN CAST('nan' AS DOUBLE) ELSE ${guarded} END`;
    }
  }
}

function testOf(test: ColumnTest, type: Kind): string {
  const name = quoteName(test.column);
  switch (test.test) {
    case "null":
      return `${name} IS NULL`;
    case "not null":
      return `${name} IS NOT NULL`;
    case "in":
    case "not in": {
      const equal = test.values.map((value) => `${name} = ${literal(value, type)}`).join(" OR ");
      return test.test === "in" ? equal : `NOT (${equal})`;
    }
    default:
      return `${name} ${test.test} ${literal(test.value, type)}`;
  }
}

function literal(value: number | bigint | string | boolean | Date, { kind }: Kind): string {
  if (value instanceof Date) return `CAST(${quoteText(value.toISOString())} AS TIMESTAMP)`;
  if (kind === "text") return quoteText(String(value));
  if (kind === "double") return `CAST(${quoteText(String(value))} AS DOUBLE)`;
  if (kind === "bool") return String(value);
  // A whole number of 64 bits at six places, and what it is compared with, fit into 38 digits.
  return `CAST(${quoteText(String(value))} AS DECIMAL(38, 18))`;
}
