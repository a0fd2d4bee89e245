/** A place in text as people count: both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * The UTF-16 offset of a code-point offset: Jupyter counts cursors in code points, JavaScript in UTF-16 units.
 *
 * @example
 * toUtf16("a😀b", 2); // 3
 */
export function toUtf16(text: string, codePoints: number): number {
  let offset = 0;
  for (let left = codePoints; left > 0 && offset < text.length; left--) offset += widthAt(text, offset);
  return offset;
}

/** The code-point offset of a UTF-16 offset. */
export function toCodePoints(text: string, utf16: number): number {
  let count = 0;
  for (let offset = 0; offset < Math.min(utf16, text.length); count++) offset += widthAt(text, offset);
  return count;
}

/** Line and column of an offset; a column counts UTF-16 units, as V8 and editors do. */
export function lineColumn(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lastBreak = before.lastIndexOf("\n");
  return { line: before.split("\n").length, column: offset - lastBreak };
}

/** The offset of a line and column; a place beyond the text is its end. */
export function offsetOf(text: string, { line, column }: Position): number {
  let start = 0;
  for (let current = 1; current < line; current++) {
    const next = text.indexOf("\n", start);
    if (next < 0) return text.length;
    start = next + 1;
  }
  return Math.min(start + column - 1, text.length);
}

/**
 * The place of V8's, for which a lone carriage return and U+2028 and U+2029 end a line too, where only line feeds do; undefined outside of the
 * text's lines.
 */
export function byLineFeeds(text: string, { line, column }: Position): Position | undefined {
  if (line < 1) return undefined;
  const ends = /\r\n|[\n\r\u2028\u2029]/g;
  let start = 0;
  for (let current = 1; current < line; current++) {
    if (!ends.test(text)) return undefined;
    start = ends.lastIndex;
  }
  return lineColumn(text, start + column - 1);
}

function widthAt(text: string, offset: number): number {
  return (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
}
