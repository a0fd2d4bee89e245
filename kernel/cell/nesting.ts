/** The parser is native: nested some thousands deep it overflows its stack and takes the process with it. */
const DEEPEST = 2000;

export const TOO_DEEP = "The code is nested too deeply";

/** Where brackets are nested deeper than the parser can take; brackets in texts are counted too, they are rarely so uneven. */
export function tooDeepAt(code: string): number | undefined {
  if (code.length < DEEPEST) return undefined;
  let depth = 0;
  for (let at = 0; at < code.length; at++) {
    const char = code[at];
    if (char === "(" || char === "[" || char === "{") {
      if (++depth > DEEPEST) return at;
    } else if (depth > 0 && (char === ")" || char === "]" || char === "}")) depth--;
  }
  return undefined;
}
