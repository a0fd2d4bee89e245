import { UsageError } from "../errors.ts";
import { oddInSql } from "./check-sql.ts";

/**
 * A condition of `--where`, taken as it is when it is one condition and nothing more.
 *
 * @throws {UsageError} E_BAD_WHERE
 */
export function checkWhere(where: string | undefined): string | undefined {
  const condition = where?.trim();
  if (!condition) return undefined;
  const odd = oddInSql(condition);
  if (odd === undefined) return condition;
  throw new UsageError("E_BAD_WHERE", `the condition "${condition}" is not one SQL condition: ${odd.why}`, {
    at: { text: condition, start: odd.start, end: odd.start + 1 },
    hint: `write one condition, as in --where "amount > 0 AND city = 'Oslo'"`,
  });
}
