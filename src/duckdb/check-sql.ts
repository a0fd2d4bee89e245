import { OutgrowError, UsageError } from "../errors.ts";
import { withQuotedColumns } from "../query/parse-expression.ts";
import type { QueryPlan } from "../query/plan.ts";
import type { FileSource } from "../source/source.ts";
import { type ScanColumn, selectOf } from "./scan.ts";
import type { DuckdbSession } from "./session.ts";
import { quoteName } from "./sql.ts";

/**
 * Condition and computed keys are the user's SQL: their faults are the user's to mend, and are found before the data are read.
 *
 * @throws {UsageError} E_BAD_WHERE, E_BAD_KEY
 */
export async function checkSql(
  session: DuckdbSession,
  source: FileSource,
  columns: readonly ScanColumn[],
  words: Pick<QueryPlan, "where" | "keys">,
): Promise<void> {
  const names = columns.map(({ name }) => name);
  await checkSqlOver(session, selectOf(source, columns), names, words);
}

/** The same for columns that stand in another query. */
export async function checkSqlOver(
  session: DuckdbSession,
  select: string,
  names: readonly string[],
  { where, keys }: Pick<QueryPlan, "where" | "keys">,
): Promise<void> {
  const from = `(${select})`;
  const quoted = (sql: string) => withQuotedColumns(sql, names);
  if (where !== undefined) {
    const sql = `SELECT 1 FROM ${from} WHERE (${quoted(where)})`;
    await describedOr(session, sql, "E_BAD_WHERE", `the condition "${where}"`, names);
  }
  for (const { expression } of keys) {
    if (expression === undefined) continue;
    const sql = `SELECT (${quoted(expression)}) FROM ${from}`;
    await describedOr(session, sql, "E_BAD_KEY", `the key "${expression}"`, names);
  }
}

async function describedOr(
  session: DuckdbSession,
  sql: string,
  code: `E_${string}`,
  what: string,
  names: readonly string[],
): Promise<void> {
  try {
    await session.describe(sql);
  } catch (failure) {
    if (!(failure instanceof OutgrowError) || failure.code !== "E_ENGINE") throw failure;
    const reason = failure.message.replace(/^DuckDB: /, "");
    throw new UsageError(code, `${what} does not work: ${reason}`, {
      cause: failure,
      hint: `the columns are ${names.slice(0, 8).map(quoteName).join(", ")}`,
    });
  }
}
