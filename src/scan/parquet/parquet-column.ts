import { KernelBug } from "../../errors.ts";
import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { noMemory } from "../refused.ts";
import type { ByteSource } from "../rows/text-buffer.ts";
import type { Kind, ScanColumn } from "../table.ts";
import { type BlockValues, type ColumnSource, ReadBlock, WIDTHS } from "../values/columns.ts";
import type { ColumnForm } from "./column-form.ts";
import { damaged } from "./damaged.ts";
import { PageTexts } from "./page-texts.ts";
import { PageValues, STATE_BYTES } from "./page-values.ts";
import { type Page, Pages } from "./pages.ts";
import type { ParquetTable, RowGroup } from "./parquet-table.ts";

/** Rows of a group that are worked on together. */
export interface RowGroupBlock {
  readonly group: RowGroup;
  /** The bytes of the group's file from a place on. */
  readonly from: (start: number) => ByteSource;
  /** Index of the first in the group. */
  readonly first: number;
  readonly rows: number;
  readonly firstRow: number;
}

/** Gives the readers of columns, by their index. */
export function columnsOfParquet(
  kernel: Kernel,
  { columns, forms }: ParquetTable,
  maxRows: number,
): (arena: Arena, index: number) => ParquetColumn {
  return (arena, index) => {
    const [column, form] = [columns[index], forms[index]];
    if (!column || !form) throw new KernelBug(`the files have no column ${index}`);
    return new ParquetColumn(kernel, arena, column, form, index, maxRows);
  };
}

/** Reads one column of Parquet files, block by block and each group from its first row on. Its memory is the arena's. */
export class ParquetColumn implements ColumnSource<RowGroupBlock> {
  readonly name: string;
  readonly kind: Kind;
  readonly dictionary: number;
  /** Files have types: what is of another one is refused. */
  readonly misfit = undefined;
  readonly #kernel: Kernel;
  readonly #index: number;
  readonly #width: number;
  readonly #pages: Pages;
  readonly #contents: PageValues | PageTexts;
  readonly #values: number;
  readonly #valid: number;
  readonly #levels: number;
  readonly #block = new ReadBlock();
  /** Rows that are left of the page. */
  #left = 0;
  #hasLevels = false;
  #isLearned = false;

  constructor(
    kernel: Kernel,
    arena: Arena,
    { name, type }: ScanColumn,
    form: ColumnForm,
    index: number,
    maxRows: number,
  ) {
    this.name = name;
    this.kind = type;
    this.#kernel = kernel;
    this.#index = index;
    this.#width = WIDTHS[type.kind];
    this.#values = arena.take(maxRows * this.#width);
    this.#valid = arena.take(maxRows);
    this.#levels = arena.take(STATE_BYTES);
    this.#pages = new Pages(kernel, arena, name);
    this.dictionary = type.kind === "text" ? kernel.calls.dictNew() >>> 0 : 0;
    if (type.kind === "text" && this.dictionary === 0) throw noMemory("the texts");
    this.#contents =
      type.kind === "text"
        ? new PageTexts(kernel, arena, name, this.dictionary, maxRows)
        : new PageValues(kernel, arena, { name, form, width: this.#width, maxRows });
  }

  parse({ group, from, first, rows }: RowGroupBlock): BlockValues {
    if (first === 0) this.#begin(group, from);
    let nulls = 0;
    for (let done = 0; done < rows; ) {
      if (this.#left === 0) this.#open();
      const count = Math.min(this.#left, rows - done);
      nulls += this.#take(count, done);
      this.#left -= count;
      done += count;
    }
    if (first + rows === group.rows && this.#left > 0) throw damaged(this.name, "has more rows than its group");
    return this.#block.set(this.#values, this.#valid, nulls, rows);
  }

  free(): void {
    if (this.dictionary !== 0) this.#kernel.calls.dictFree(this.dictionary);
  }

  #begin({ chunks }: RowGroup, from: RowGroupBlock["from"]): void {
    const chunk = chunks[this.#index];
    if (!chunk) throw damaged(this.name, "is missing");
    this.#pages.begin(from(chunk.start), chunk);
    this.#contents.forget();
    this.#isLearned = false;
    this.#left = 0;
  }

  /** The next page that has rows. */
  #open(): void {
    for (;;) {
      const page = this.#pages.next();
      if (page.isDictionary) this.#learn(page);
      else if (page.values > 0) {
        this.#contents.begin(page);
        this.#hasLevels = page.levels !== 0;
        if (this.#hasLevels) this.#kernel.calls.startRuns(this.#levels, page.levels, page.levelsEnd, 1);
        this.#left = page.values;
        return;
      }
    }
  }

  #learn(page: Page): void {
    if (this.#isLearned) throw damaged(this.name, "is a second dictionary");
    this.#isLearned = true;
    this.#contents.learn(page);
  }

  /** Lays rows down behind those of the block that are there; gives how many are missing. */
  #take(count: number, done: number): number {
    const { calls } = this.#kernel;
    const valid = this.#valid + done;
    const values = this.#values + done * this.#width;
    if (!this.#hasLevels) calls.fillFlags(valid, count);
    const present = this.#hasLevels ? calls.takeLevels(this.#levels, count, valid) : count;
    if (present < 0) throw damaged(this.name, "is damaged");
    this.#contents.take(present, values);
    if (present < count) calls.spreadValues(values, this.#width, valid, count, present);
    return count - present;
  }
}
