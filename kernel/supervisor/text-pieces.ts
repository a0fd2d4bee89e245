/** Characters that go in one message. */
export const MOST_IN_PIECE = 256 * 1024;

/** The end of a piece that is small enough, after a whole line where there is one. */
export function endOfPiece(text: string, start: number): number {
  const end = start + MOST_IN_PIECE;
  if (end >= text.length) return text.length;
  // Not in the whole text: of one that has no line break all would be looked at for each piece.
  const lineEnd = start + text.slice(start, end).lastIndexOf("\n") + 1;
  if (lineEnd > start) return lineEnd;
  const splitsPair = /[\ud800-\udbff]/.test(text[end - 1] ?? "");
  return splitsPair ? end - 1 : end;
}

/** Half a surrogate pair cannot be saved in a notebook. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}
