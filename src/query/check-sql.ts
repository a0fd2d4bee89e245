/** What is wrong with a text that has to be one piece of SQL and nothing more, and where; undefined when nothing is. */
export function oddInSql(sql: string): { readonly why: string; readonly start: number } | undefined {
  const bare = blankTexts(sql);
  const sign = /;|--|\/\*|['"]|\$\$/.exec(bare);
  if (sign) {
    const isQuote = sign[0] === "'" || sign[0] === '"';
    return { start: sign.index, why: isQuote ? "a quote is never closed" : `"${sign[0]}" cannot stand in it` };
  }
  let depth = 0;
  for (const [at, char] of [...bare].entries()) {
    depth += char === "(" ? 1 : char === ")" ? -1 : 0;
    if (depth < 0) return { start: at, why: "a parenthesis is closed and was never opened" };
  }
  return depth > 0 ? { start: bare.indexOf("("), why: "a parenthesis is never closed" } : undefined;
}

/** The same with other letters in place of quoted texts and names, which may hold anything. */
export function blankTexts(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (quoted) => "x".repeat(quoted.length));
}
