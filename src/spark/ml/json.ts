// JSON as PySpark reads and writes it: with whole numbers of 64 bits, which JavaScript's own rounds, and with NaN and Infinity, which it has not.

/** What no text of a user's starts with: a number that JavaScript's JSON has not. */
const MARK = "\u0000";
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|-?Infinity/g;

export function writeJson(value: unknown): string {
  const text = JSON.stringify(value, (_, one) => (isForeign(one) ? `${MARK}${one}` : one));
  return text.replace(/"\\u0000(-?\d+|NaN|-?Infinity)"/g, "$1");
}

/** Whole numbers beyond 2^53 are bigint. */
export function readJson(text: string): unknown {
  const marked = text.replace(TOKENS, (token) =>
    !token.startsWith('"') && isForeign(numberIn(token)) ? `"\\u0000${token}"` : token,
  );
  return JSON.parse(marked, (_, one) =>
    typeof one === "string" && one.startsWith(MARK) ? numberIn(one.slice(MARK.length)) : one,
  );
}

function isForeign(value: unknown): value is number | bigint {
  return typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value));
}

function numberIn(token: string): number | bigint {
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? BigInt(token) : Number(token);
}
