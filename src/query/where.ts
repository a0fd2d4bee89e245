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
  if (odd === undefined) return withoutNullAsValue(condition);
  throw new UsageError("E_BAD_WHERE", `the condition "${condition}" is not one SQL condition: ${odd.why}`, {
    at: { text: condition, start: odd.start, end: odd.start + 1 },
    hint: `write one condition, as in --where "amount > 0 AND city = 'Oslo'"`,
  });
}

/** Where NULL stands like a value nobody means what SQL makes of it. */
function withoutNullAsValue(condition: string): string {
  const bare = blankTexts(condition);
  for (const { pattern, why, hint } of NULL_AS_VALUE) {
    const found = pattern.exec(bare);
    if (found === null) continue;
    const at = { text: condition, start: found.index, end: found.index + found[0].length };
    const part = condition.slice(at.start, at.end);
    throw new UsageError("E_BAD_WHERE", `"${part}" in the condition "${condition}" ${why}`, {
      at,
      hint: hint(found.groups?.not !== undefined),
    });
  }
  return condition;
}

interface NullAsValue {
  readonly pattern: RegExp;
  readonly why: string;
  readonly hint: (isNot: boolean) => string;
}

const OF_NO_ROW = "is true of no row: nothing is equal or unequal to NULL";
const writeTest = (isNot: boolean) => `write IS ${isNot ? "NOT " : ""}NULL`;

const NULL_AS_VALUE: readonly NullAsValue[] = [
  { pattern: /(?<![<>=!:])(?:==?|(?<not>!=|<>))\s*null\b/i, why: OF_NO_ROW, hint: writeTest },
  // Behind IS it is a test, whose answer may be compared.
  { pattern: /(?<!\b(?:is|not|from)\s+)\bnull\s*(?:==?|(?<not>!=|<>))/i, why: OF_NO_ROW, hint: writeTest },
  { pattern: /\b(?<not>not\s+)?in\s*\(\s*null\s*\)/i, why: OF_NO_ROW, hint: writeTest },
  {
    pattern: /\bnot\s+in\s*\((?:[^()]*,)?\s*null\s*(?:,[^()]*)?\)/i,
    why: OF_NO_ROW,
    hint: () => "leave NULL out of the list, and write AND … IS NOT NULL beside it",
  },
  {
    pattern: /\bin\s*\((?:[^()]*,)?\s*null\s*(?:,[^()]*)?\)/i,
    why: "finds no missing value: nothing is equal to NULL",
    hint: () => "leave NULL out of the list, and write OR … IS NULL beside it",
  },
];
