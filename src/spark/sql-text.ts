/** A stretch of SQL that means one thing to a splitter. Offsets are UTF-16. */
export interface SqlToken {
  readonly kind: "word" | "quoted" | "comment" | "bound" | "sign";
  readonly start: number;
  readonly end: number;
  /** A quote or a comment without end. */
  readonly open?: boolean;
}

const WORD = /[\p{L}\p{N}_]+/uy;
/** A tag in dollar signs opens a text that ends with the same tag. */
const DOLLARS = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;

/**
 * The tokens of Spark's SQL as far as a splitter needs them: strings (with escapes, raw, in dollar signs), quoted names, comments (which
 * nest), and `${…}`, which Spark does not know. Blanks are left out.
 */
export function* sqlTokens(sql: string): Generator<SqlToken, void, undefined> {
  for (let at = 0; at < sql.length; ) {
    const token = tokenAt(sql, at);
    if (token) yield token;
    at = token?.end ?? at + 1;
  }
}

function tokenAt(sql: string, at: number): SqlToken | undefined {
  const char = sql[at] ?? "";
  if (/\s/.test(char)) return undefined;
  if (sql.startsWith("--", at)) return { kind: "comment", start: at, end: lineEnd(sql, at) };
  if (sql.startsWith("/*", at)) return bracketedComment(sql, at);
  if (sql.startsWith("${", at)) return bound(sql, at);
  if (char === "'" || char === '"') return quoted(sql, at, char, !/(?:^|[^\p{L}\p{N}_])[rR]$/u.test(sql.slice(0, at)));
  if (char === "`") return quoted(sql, at, char, false);
  const dollars = matchAt(DOLLARS, sql, at);
  if (dollars) return closing(sql, at, "quoted", sql.indexOf(dollars, at + dollars.length), dollars.length);
  const word = matchAt(WORD, sql, at);
  return { kind: word ? "word" : "sign", start: at, end: at + (word?.length ?? 1) };
}

/** A backslash before the line's end carries the comment into the next line. */
function lineEnd(sql: string, from: number): number {
  for (let at = sql.indexOf("\n", from); at >= 0; at = sql.indexOf("\n", at + 1)) if (sql[at - 1] !== "\\") return at;
  return sql.length;
}

function bracketedComment(sql: string, start: number): SqlToken {
  let depth = 1;
  for (let at = start + 2; at < sql.length; at++) {
    if (sql.startsWith("/*", at)) depth++;
    else if (sql.startsWith("*/", at)) depth--;
    else continue;
    at++;
    if (depth === 0) return { kind: "comment", start, end: at + 1 };
  }
  return { kind: "comment", start, end: sql.length, open: true };
}

/** A doubled quote stands for itself: two tokens side by side split as well as one. */
function quoted(sql: string, start: number, quote: string, escapes: boolean): SqlToken {
  for (let at = start + 1; at < sql.length; at++) {
    if (escapes && sql[at] === "\\") at++;
    else if (sql[at] === quote) return { kind: "quoted", start, end: at + 1 };
  }
  return { kind: "quoted", start, end: sql.length, open: true };
}

/** TypeScript in braces, with strings, templates and braces of its own. */
function bound(sql: string, start: number): SqlToken {
  return closing(sql, start, "bound", braceEnd(sql, start + 2), 1);
}

function closing(sql: string, start: number, kind: SqlToken["kind"], found: number, length: number): SqlToken {
  return found < 0 ? { kind, start, end: sql.length, open: true } : { kind, start, end: found + length };
}

function braceEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "{") depth++;
    else if (char === "}" && depth-- === 0) return at;
    else if (char === '"' || char === "'" || char === "`") {
      at = scriptStringEnd(text, at + 1, char);
      if (at < 0) return -1;
    }
  }
  return -1;
}

function scriptStringEnd(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === quote) return at;
    else if (quote === "`" && text.startsWith("${", at)) {
      at = braceEnd(text, at + 2);
      if (at < 0) return -1;
    }
  }
  return -1;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
