import { sqlTokens } from "./sql-text.ts";

/** Each begins a query and nothing else. `WITH` and `FROM` may go on to an `INSERT`. */
const QUERY_WORDS = new Set(["SELECT", "VALUES"]);

/**
 * Whether a text of SQL is certainly one query, so that asking about it changes nothing: its first word says it, after comments and
 * parentheses. False says nothing.
 *
 * @example
 * isPlainQuery("/* daily *\/ (SELECT 1) UNION (SELECT 2)"); // true
 */
export function isPlainQuery(sql: string): boolean {
  for (const { kind, start, end } of sqlTokens(sql)) {
    const text = sql.slice(start, end);
    if (kind === "comment" || text === "(") continue;
    return kind === "word" && QUERY_WORDS.has(text.toUpperCase());
  }
  return false;
}
