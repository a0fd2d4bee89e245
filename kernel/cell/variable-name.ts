/**
 * Why a text cannot name a variable, as a hint; undefined for one that can.
 *
 * @example
 * refusalOfName("class"); // "that word belongs to the language, choose another"
 */
export function refusalOfName(text: string): string | undefined {
  if (RESERVED.has(text)) return "that word belongs to the language, choose another";
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text)) return "letters, digits and _, not starting with a digit";
  return undefined;
}

/** Words that cannot be declared in a TypeScript module. */
const RESERVED: ReadonlySet<string> = new Set(
  `await break case catch class const continue debugger default delete do else enum export extends false finally for function if
  implements import in instanceof interface let new null package private protected public return static super switch this throw true
  try typeof var void while with yield arguments eval undefined globalThis`.split(/\s+/),
);
