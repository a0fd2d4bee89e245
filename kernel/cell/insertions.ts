/** Text that is put into a cell before it is compiled. */
export interface Insertion {
  /** Offset in the cell. */
  readonly at: number;
  readonly text: string;
}

/** A cell with insertions, which knows where each place of it stands in the cell. */
export interface InsertedText {
  readonly code: string;
  /** Inserted text stands where it was inserted. */
  sourceOffset(offset: number): number;
}

/** `base` is as long as the cell, parts of it blanked; insertions of one place stay in their order. */
export function insertInto(base: string, insertions: readonly Insertion[]): InsertedText {
  const ordered = [...insertions].sort((a, b) => a.at - b.at);
  let code = "";
  let from = 0;
  for (const { at, text } of ordered) {
    code += base.slice(from, at) + text;
    from = at;
  }
  code += base.slice(from);
  const sourceOffset = (offset: number): number => {
    let added = 0;
    for (const { at, text } of ordered) {
      if (offset < at + added) break;
      if (offset < at + added + text.length) return at;
      added += text.length;
    }
    return offset - added;
  };
  return { code, sourceOffset };
}
