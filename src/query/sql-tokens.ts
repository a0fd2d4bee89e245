/** A word of an expression of SQL: a name, a number, a text in single quotes, or a sign. */
export interface SqlToken {
  readonly kind: "name" | "number" | "text" | "sign";
  readonly text: string;
  /** In quotes, so that it is no word of the language. */
  readonly isQuoted: boolean;
  readonly start: number;
  readonly end: number;
}

const PATTERN =
  /\s+|"((?:[^"]|"")*)"|'((?:[^']|'')*)'|(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|([\p{L}_][\p{L}\p{N}_]*)|(<>|!=|<=|>=|==|\|\||[=<>(),+*/%-])/uy;

/** The tokens of an expression; undefined where a sign is none of those that every engine knows. */
export function sqlTokens(sql: string): SqlToken[] | undefined {
  PATTERN.lastIndex = 0;
  const tokens: SqlToken[] = [];
  while (PATTERN.lastIndex < sql.length) {
    const match = PATTERN.exec(sql);
    if (match === null) return undefined;
    const [whole, quotedName, text, number, name, sign] = match;
    const at = { start: match.index, end: match.index + whole.length };
    if (quotedName !== undefined)
      tokens.push({ kind: "name", text: quotedName.replaceAll('""', '"'), isQuoted: true, ...at });
    else if (text !== undefined) tokens.push({ kind: "text", text: text.replaceAll("''", "'"), isQuoted: true, ...at });
    else if (number !== undefined) tokens.push({ kind: "number", text: number, isQuoted: false, ...at });
    else if (name !== undefined) tokens.push({ kind: "name", text: name, isQuoted: false, ...at });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign, isQuoted: false, ...at });
  }
  return tokens;
}
