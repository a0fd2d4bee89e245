import { UsageError } from "../errors.ts";
import { cut, type Piece } from "../words.ts";
import { oddInSql } from "./check-sql.ts";
import type { GroupKey } from "./query.ts";

/** An expression and its name. */
const NAMED = /^(.*\S)\s+AS\s+("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_]*)$/isu;
/** What no name has that was not quoted. */
const COMPUTES = /[(+*/%|=<>]|\s-\s|\sAS\s/i;

/**
 * The keys of `--by`: names of columns, and expressions of SQL under a name of their own. What is a column's name as it stands is that
 * column, whatever signs are in it.
 *
 * @throws {UsageError} E_BAD_KEY, E_OPEN_QUOTE
 * @example
 * parseKeys("city, year(ts) AS year", (name) => name === "city"); // [{ name: "city" }, { name: "year", expression: "year(ts)" }]
 */
export function parseKeys(by: string | readonly string[], isColumn: (name: string) => boolean): GroupKey[] {
  if (typeof by === "string") return keysIn(by, isColumn);
  return by.flatMap((name) =>
    isColumn(name) || !/[(,]|\sAS\s/i.test(name) ? keyOf(name, whole(name), isColumn) : keysIn(name, isColumn),
  );
}

function keysIn(text: string, isColumn: (name: string) => boolean): GroupKey[] {
  return cut(text, ",")
    .filter((piece) => piece.text !== "")
    .map((piece) => keyOf(text, piece, isColumn));
}

function whole(text: string): Piece {
  return { text, isQuoted: false, start: 0, end: text.length };
}

function keyOf(text: string, piece: Piece, isColumn: (name: string) => boolean): GroupKey {
  if (piece.isQuoted || isColumn(piece.text) || !COMPUTES.test(piece.text)) return { name: piece.text };
  const named = NAMED.exec(piece.text);
  const expression = named?.[1] ?? piece.text;
  const odd = oddInSql(expression);
  if (odd)
    throw new UsageError("E_BAD_KEY", `"${piece.text}" is neither a column nor an expression: ${odd.why}`, {
      at: { text, start: piece.start, end: piece.end },
      hint: `write a column, or expression AS name, as in --by "date_trunc('month', day) AS month"`,
    });
  return { name: named ? (cut(named[2] as string, ",")[0] as Piece).text : piece.text, expression };
}
