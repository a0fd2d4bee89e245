import { OutgrowError, UsageError } from "../errors.ts";
import { columnAt, noColumn } from "../query/no-column.ts";
import { notSql } from "../query/not-sql.ts";
import { withQuotedColumns } from "../query/parse-expression.ts";
import type { QueryPlan, SourceSchema } from "../query/plan.ts";
import type { FileSource } from "../source/source.ts";
import { type ScanColumn, selectOf } from "./select.ts";
import type { DuckdbSession } from "./session.ts";
import { quoteName } from "./sql.ts";
import { sqlTypeOf } from "./types.ts";

/**
 * Condition and computed keys are the user's SQL: their faults are the user's to mend, and are found before the data are read.
 *
 * @throws {UsageError} E_NO_COLUMN, E_BAD_WHERE, E_BAD_KEY
 */
export async function checkSql(
  session: DuckdbSession,
  source: FileSource,
  columns: readonly ScanColumn[],
  words: Pick<QueryPlan, "where" | "keys">,
): Promise<void> {
  await checkSqlOver(session, selectOf(source, columns), columns, words);
}

/** The same for columns of which the types are all that is known. */
export async function checkSqlOfTypes(
  session: DuckdbSession,
  columns: SourceSchema["columns"],
  words: Pick<QueryPlan, "where" | "keys">,
): Promise<void> {
  const nulls = columns.map(({ name, type }) => `CAST(NULL AS ${sqlTypeOf(type)}) AS ${quoteName(name)}`);
  await checkSqlOver(session, `SELECT ${nulls.join(", ")}`, columns, words);
}

async function checkSqlOver(
  session: DuckdbSession,
  select: string,
  columns: SourceSchema["columns"],
  { where, keys }: Pick<QueryPlan, "where" | "keys">,
): Promise<void> {
  const from = `(${select})`;
  const names = columns.map(({ name }) => name);
  const quoted = (sql: string) => withQuotedColumns(sql, names);
  if (where !== undefined) {
    const query = `SELECT 1 FROM ${from} WHERE (${quoted(where)})`;
    await describedOr(session, query, {
      sql: where,
      columns,
      what: "condition",
      option: "--where",
      code: "E_BAD_WHERE",
    });
  }
  for (const { expression: sql } of keys) {
    if (sql === undefined) continue;
    const query = `SELECT (${quoted(sql)}) FROM ${from}`;
    await describedOr(session, query, { sql, columns, what: "key", option: "--by", code: "E_BAD_KEY" });
  }
}

/** A piece of the user's SQL, and what it is called. */
interface Written {
  readonly sql: string;
  readonly columns: SourceSchema["columns"];
  readonly what: string;
  readonly option: string;
  readonly code: `E_${string}`;
}

async function describedOr(
  session: DuckdbSession,
  query: string,
  { sql, columns, what, option, code }: Written,
): Promise<void> {
  try {
    await session.describe(query);
  } catch (failure) {
    if (!(failure instanceof OutgrowError) || failure.code !== "E_ENGINE") throw failure;
    const reason = failure.message.replace(/^DuckDB: /, "");
    const absent = /^Referenced column "([\s\S]*)" not found in FROM clause!$/.exec(reason)?.[1];
    const names = columns.map(({ name }) => name);
    if (absent !== undefined) throw noColumn(absent, names, option, columnAt(sql, absent));
    throw new UsageError(code, `the ${what} "${sql}" does not work: ${reason}`, {
      cause: failure,
      hint:
        notSql(sql) ??
        textInTheWay(reason, sql, columns) ??
        `the columns are ${names.slice(0, 8).map(quoteName).join(", ")}`,
    });
  }
}

/** A function of numbers or moments gets a text: some value may keep the column from being those. */
function textInTheWay(reason: string, sql: string, columns: SourceSchema["columns"]): string | undefined {
  if (!/VARCHAR/.test(reason)) return undefined;
  const text = columns.find(({ name, type }) => type === "str" && columnAt(sql, name) !== undefined);
  if (text === undefined) return undefined;
  return `${quoteName(text.name)} is text; where it should be numbers or dates, %profile names the values that are none, and --na reads them as missing`;
}
