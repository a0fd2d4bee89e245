/** What is wrong with a text that has to be one piece of SQL and nothing more, and where; undefined when nothing is. */
export function oddInSql(sql: string): { readonly why: string; readonly start: number } | undefined {
  // Quoted text and names may hold anything.
  const bare = sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (quoted) => "x".repeat(quoted.length));
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
