/** The words of a text that may be names. It is split between them: an expression has no stack for a word of some million characters. */
export function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.split(/[^\p{ID_Continue}$]{1,1000}/u).filter((word) => /^[\p{ID_Start}$_]/u.test(word)));
}
