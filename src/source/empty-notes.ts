import type { FileSource } from "./source.ts";

/** Files that are named in a note. */
const MOST = 5;

/**
 * Which files hold nothing and are passed over, for who reads the rest.
 *
 * @example
 * emptyNotes(await resolveSource("parts/")); // ["passed over, for it is empty: part-1.csv"]
 */
export function emptyNotes({ empty = [] }: Pick<FileSource, "empty">): string[] {
  if (empty.length === 0) return [];
  const more = empty.length > MOST ? ` and ${empty.length - MOST} more` : "";
  return [
    `passed over, for ${empty.length === 1 ? "it is" : "they are"} empty: ${empty.slice(0, MOST).join(", ")}${more}`,
  ];
}
