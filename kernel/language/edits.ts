/** Replace `[start, end)` of a text; `start === end` inserts. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Of an insert: a cursor at its place stands before it, not behind it. */
  readonly behind?: boolean | undefined;
}

/** The text after all edits, which must not overlap; inserts at one place keep their order. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let from = 0;
  for (const edit of ordered(edits)) {
    result += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return result + text.slice(from);
}

/** Where an offset of the edited text was before. What stands in new text belongs to the place that it replaced. */
export function offsetBefore(edits: readonly Edit[], offset: number): number {
  let shift = 0;
  for (const edit of ordered(edits)) {
    const start = edit.start + shift;
    if (offset < start) break;
    const end = start + edit.text.length;
    if (offset < end) return Math.min(edit.start + (offset - start), edit.end);
    shift += edit.text.length - (edit.end - edit.start);
  }
  return offset - shift;
}

/** Where an offset of the original text is afterwards; at an insert, behind it unless the insert says otherwise. */
export function offsetAfter(edits: readonly Edit[], offset: number): number {
  let shift = 0;
  for (const edit of ordered(edits)) {
    if (offset < edit.start || (offset === edit.start && edit.behind)) break;
    if (offset < edit.end) return edit.start + shift + Math.min(offset - edit.start, edit.text.length);
    shift += edit.text.length - (edit.end - edit.start);
  }
  return offset + shift;
}

/** Is this offset of the edited text inside text that the edits brought in? */
export function isNewText(edits: readonly Edit[], offset: number): boolean {
  let shift = 0;
  for (const edit of ordered(edits)) {
    const start = edit.start + shift;
    if (offset < start) return false;
    if (offset < start + edit.text.length) return true;
    shift += edit.text.length - (edit.end - edit.start);
  }
  return false;
}

function ordered(edits: readonly Edit[]): readonly Edit[] {
  return [...edits].sort((a, b) => a.start - b.start);
}
