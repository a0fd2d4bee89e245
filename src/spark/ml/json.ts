// JSON as Spark reads and writes it: with whole numbers of 64 bits, which JavaScript's own rounds.

/** What no text of a user's starts with: a whole number that is a bigint here. */
const WHOLE = "\u0000";
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

export function writeJson(value: unknown): string {
  const text = JSON.stringify(value, (_, one) => (typeof one === "bigint" ? `${WHOLE}${one}` : one));
  return text.replace(/"\\u0000(-?\d+)"/g, "$1");
}

/** Whole numbers beyond 2^53 are bigint. */
export function readJson(text: string): unknown {
  const marked = text.replace(TOKENS, (token) =>
    /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"\\u0000${token}"` : token,
  );
  return JSON.parse(marked, (_, one) =>
    typeof one === "string" && one.startsWith(WHOLE) ? BigInt(one.slice(WHOLE.length)) : one,
  );
}
