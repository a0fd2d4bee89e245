/**
 * A text without its first lines, which stand above the names.
 *
 * @example
 * afterLines("made by X\nid,v\n1,2\n", 1); // "id,v\n1,2\n"
 */
export function afterLines(text: string, lines: number): string {
  const end = text.includes("\n") ? "\n" : "\r";
  let at = 0;
  for (let line = 0; line < lines; line++) {
    const next = text.indexOf(end, at);
    if (next === -1) return "";
    at = next + 1;
  }
  return text.slice(at);
}

/** How many blank lines a text begins with. */
export function blankLinesAbove(text: string): number {
  const blank = /^\ufeff?((?:\r?\n)+|\r+)/.exec(text)?.[1] ?? "";
  return blank.replaceAll("\r\n", "\n").length;
}

/** The separator that Excel takes from a first line `sep=;`, which is no line of names. */
export function statedSeparator(text: string): string | undefined {
  return /^\ufeff?"?sep=(.)"?\r?\n/i.exec(text)?.[1];
}
