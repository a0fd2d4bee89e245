import { checkSqlOfTypes } from "../../duckdb/check-sql.ts";
import type { DuckdbSession } from "../../duckdb/session.ts";
import { UsageError } from "../../errors.ts";
import type { CheckedPlan } from "./checked-plan.ts";

/** Whether there is SQL to bind. */
export function hasSql({ where, keys }: CheckedPlan["plan"]): boolean {
  return where !== undefined || keys.some(({ expression }) => expression !== undefined);
}

/**
 * What Spark is not given may be a slip in a name, which is told as the local engines tell it. Anything else may be right there, and its
 * types may be none of theirs.
 *
 * @throws {UsageError} E_NO_COLUMN
 */
export async function refuseAbsent(
  checked: () => Promise<CheckedPlan>,
  engine: () => Promise<DuckdbSession>,
): Promise<void> {
  try {
    const { schema, plan } = await checked();
    if (!hasSql(plan)) return;
    await checkSqlOfTypes(await engine(), schema.columns, plan);
  } catch (failure) {
    if (!(failure instanceof UsageError) || failure.code === "E_NO_COLUMN") throw failure;
  }
}
