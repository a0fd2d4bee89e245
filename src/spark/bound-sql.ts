import { UsageError } from "../errors.ts";
import { type SqlToken, sqlTokens } from "./sql-text.ts";

/** A `${…}` in SQL: what stands between the braces. */
export interface BoundExpression {
  readonly code: string;
  /** Where `code` begins. */
  readonly start: number;
}

/**
 * The `${…}` of a text of SQL, for whoever evaluates them. In comments they are text.
 *
 * @throws {UsageError} E_BOUND_IN_QUOTES, E_SQL_UNCLOSED, E_BOUND_EMPTY
 */
export function boundExpressions(sql: string): readonly BoundExpression[] {
  const found: BoundExpression[] = [];
  for (const token of sqlTokens(sql)) {
    if (token.kind === "quoted") refuseInside(sql, token);
    if (token.kind !== "bound") continue;
    const at = { text: sql, start: token.start, end: token.end };
    if (token.open)
      throw new UsageError("E_SQL_UNCLOSED", "${ is never closed", {
        hint: "close it with }",
        at: { ...at, end: token.start + 2 },
      });
    const code = sql.slice(token.start + 2, token.end - 1);
    if (code.trim() === "")
      throw new UsageError("E_BOUND_EMPTY", "${} binds nothing", {
        hint: "write an expression between the braces",
        at,
      });
    found.push({ code, start: token.start + 2 });
  }
  return found;
}

/** The parameter in the place of a `${…}`, which stands from `start` up to `end`. */
export interface BoundParameter {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/**
 * SQL with a named parameter in the place of each `${…}`, of the same length and with its line breaks, so that every place that Spark
 * names is the place in the text as typed.
 *
 * @example
 * parameterise("WHERE a > ${least}"); // { text: "WHERE a > :_0      ", bound: [{ name: "_0", start: 10, end: 18 }] }
 */
export function parameterise(sql: string): { readonly text: string; readonly bound: readonly BoundParameter[] } {
  const bound: BoundParameter[] = [];
  let text = "";
  let from = 0;
  for (const token of sqlTokens(sql)) {
    if (token.kind !== "bound") continue;
    const name = `_${bound.length.toString(36)}`;
    bound.push({ name, start: token.start, end: token.end });
    const rest = sql.slice(token.start + 1 + name.length, token.end).replace(/[^\n\r]/g, " ");
    text += `${sql.slice(from, token.start)}:${name}${rest}`;
    from = token.end;
  }
  return { text: text + sql.slice(from), bound };
}

function refuseInside(sql: string, { start, end }: SqlToken): void {
  const inside = /\$\{[^}]*\}?/.exec(sql.slice(start, end));
  if (!inside) return;
  const quote = sql[start] === "`" ? "a quoted name" : "a string";
  throw new UsageError("E_BOUND_IN_QUOTES", `\${…} stands in ${quote}, where nothing can be bound`, {
    hint:
      sql[start] === "`"
        ? "for a name from a variable write IDENTIFIER(${name})"
        : "take it out of the quotes: '%' || ${word} || '%'",
    at: { text: sql, start: start + inside.index, end: Math.min(end, start + inside.index + inside[0].length) },
  });
}
