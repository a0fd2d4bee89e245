import { sqlTokens } from "./sql-text.ts";

/** Each begins a query and nothing else. */
const QUERY_WORDS = new Set(["SELECT", "VALUES", "TABLE"]);
/** Each may go on to one of the changes below, which have to be named for it. */
const OPENING_WORDS = new Set(["WITH", "FROM"]);
const CHANGES = new Set(["INSERT", "MERGE", "UPDATE", "DELETE"]);

/**
 * Whether a text of SQL is certainly one query, so that asking about it changes nothing: its first word says it, after comments and
 * parentheses. False says nothing.
 *
 * @example
 * isPlainQuery("/* daily *\/ (SELECT 1) UNION (SELECT 2)"); // true
 */
export function isPlainQuery(sql: string): boolean {
  let isOpen = false;
  for (const { kind, start, end } of sqlTokens(sql)) {
    const text = sql.slice(start, end);
    if (isOpen) {
      if (kind === "word" && CHANGES.has(text.toUpperCase())) return false;
    } else if (kind !== "comment" && text !== "(") {
      if (kind !== "word") return false;
      if (QUERY_WORDS.has(text.toUpperCase())) return true;
      if (!OPENING_WORDS.has(text.toUpperCase())) return false;
      isOpen = true;
    }
  }
  return isOpen;
}
