import { UsageError } from "../errors.ts";
import { blankTexts, oddInSql } from "./check-sql.ts";

/**
 * A condition of `--where`, taken as it is when it is one condition and nothing more.
 *
 * @throws {UsageError} E_BAD_WHERE
 */
export function checkWhere(where: string | undefined): string | undefined {
  const condition = where?.trim();
  if (!condition) return undefined;
  const odd = oddInSql(condition);
  if (odd === undefined) return withoutEqualNull(condition);
  throw new UsageError("E_BAD_WHERE", `the condition "${condition}" is not one SQL condition: ${odd.why}`, {
    at: { text: condition, start: odd.start, end: odd.start + 1 },
    hint: `write one condition, as in --where "amount > 0 AND city = 'Oslo'"`,
  });
}

/** Of no row it is true, also not of those whose value is missing: nobody means it who writes it. */
function withoutEqualNull(condition: string): string {
  const found = EQUAL_NULL.exec(blankTexts(condition));
  if (found === null) return condition;
  const { 1: sign, index } = found;
  throw new UsageError(
    "E_BAD_WHERE",
    `"${condition.slice(index, index + found[0].length)}" in the condition "${condition}" is true of no row: nothing is equal or unequal to NULL`,
    {
      at: { text: condition, start: index, end: index + found[0].length },
      hint: `write IS ${sign === "=" || sign === "==" ? "" : "NOT "}NULL`,
    },
  );
}

const EQUAL_NULL = /(?<![<>=!:])(==?|!=|<>)\s*null\b/i;
