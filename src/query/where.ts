import { UsageError } from "../errors.ts";

/**
 * A condition of `--where`, taken as it is when it is one condition and nothing more.
 *
 * @throws {UsageError} E_BAD_WHERE
 */
export function checkWhere(where: string | undefined): string | undefined {
  const condition = where?.trim();
  if (!condition) return undefined;
  // Quoted text and names may hold anything.
  const bare = condition.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (quoted) => "x".repeat(quoted.length));
  const sign = /;|--|\/\*|['"]|\$\$/.exec(bare);
  if (sign)
    throw bad(
      condition,
      sign.index,
      sign[0] === "'" || sign[0] === '"' ? "a quote is never closed" : `"${sign[0]}" cannot stand in it`,
    );
  let depth = 0;
  for (const [at, char] of [...bare].entries()) {
    depth += char === "(" ? 1 : char === ")" ? -1 : 0;
    if (depth < 0) throw bad(condition, at, "a parenthesis is closed and was never opened");
  }
  if (depth > 0) throw bad(condition, bare.indexOf("("), "a parenthesis is never closed");
  return condition;
}

function bad(text: string, start: number, why: string): UsageError {
  return new UsageError("E_BAD_WHERE", `the condition "${text}" is not one SQL condition: ${why}`, {
    at: { text, start, end: start + 1 },
    hint: `write one condition, as in --where "amount > 0 AND city = 'Oslo'"`,
  });
}
