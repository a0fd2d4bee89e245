/** Where the fields of one column lie: see `FieldTable`. */
export interface FieldColumn {
  readonly starts: number;
  readonly ends: number;
  readonly stride: number;
  readonly skip: number;
}

/**
 * Where the fields of some rows lie in the kernel's memory. Field `c` of row `r` goes from `entry(starts + r * stride) + skip`
 * (inclusive) to `entry(ends + r * stride)` (exclusive), `starts`, `ends` and `skip` being those of `column(c)`. A quoted field
 * has its quotes; a missing one is empty. One object serves all blocks of a reader: nothing of it is kept across calls.
 */
export class FieldTable {
  /** Of the first column. */
  starts = 0;
  ends = 0;
  /** Bytes between the entries of a row and those of the next. */
  stride = 4;
  /** Of the first column; it is 1 for all others. */
  skip = 1;
  rows = 0;
  /** Rows of the text before these, skipped ones included, and the base that the reader was given. */
  firstRow = 0;
  /** What an address in the text is more in the file. */
  fileOffset = 0;
  /** Address where the block of these rows begins, which is the start of a row, and the rows of it that came before them. */
  block = 0;
  before = 0;
  /** Where rows between these were skipped: for each of them how many were kept before it. */
  skips: Uint32Array | undefined;
  /** JSON Lines: address of one byte a field, row by row, that says what the value is; 0 for CSV. */
  kinds = 0;
  readonly #column = { starts: 0, ends: 0, stride: 4, skip: 1 };

  /** A table of the same places, which stay only where its reader was told to keep them. */
  copy(): FieldTable {
    return Object.assign(new FieldTable(), this);
  }

  /** The number of a row in the text, skipped rows included. */
  numberOf(row: number): number {
    const skipped = this.skips?.findIndex((kept) => kept > row) ?? 0;
    return this.firstRow + row + (skipped < 0 ? this.skips!.length : skipped);
  }

  /** The same object each time. */
  column(index: number): FieldColumn {
    const column = this.#column;
    column.starts = this.starts + 4 * index;
    column.ends = this.ends + 4 * index;
    column.stride = this.stride;
    column.skip = index === 0 ? this.skip : 1;
    return column;
  }
}
