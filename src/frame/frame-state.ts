import type { Table } from "./arrow.ts";
import type { Column } from "./column.ts";
import { inferColumn } from "./infer.ts";
import { type Labels, labelsOf, sliceLabels } from "./labels.ts";

/** What a lazy frame sits on. Columns are never written to, so frames share them. */
export interface FrameParts {
  readonly columns: readonly Column[];
  /** May take its time, and is not read before it is needed. */
  readonly length: number;
  readonly labels?: Labels;
  /** The Arrow table that the columns came from, whole and in order. */
  readonly table?: Table | undefined;
}

/** Columns and plain rows of one frame, either of which is made from the other when it is asked for. */
export class FrameState {
  names: string[];
  /** How many columns the rows have; between two steps of one of Danfo's edits there may be more or fewer names. */
  width: number;
  edited = false;
  /** Undefined after an edit of the rows, until somebody asks for columns again. */
  #columns: readonly Column[] | undefined;
  /** Or where it is to be had. */
  #length: number | FrameParts;
  #labels: Labels;
  #table: Table | undefined;
  #rows: unknown[][] | undefined;
  #arrays: unknown[][] | undefined;

  constructor(parts: FrameParts) {
    const { columns, labels, table } = parts;
    this.names = columns.map((column) => column.name);
    this.#length = parts;
    this.width = columns.length;
    this.#columns = columns;
    this.#labels = labels;
    this.#table = table;
  }

  get length(): number {
    if (typeof this.#length !== "number") this.#length = this.#length.length;
    return this.#length;
  }

  get parts(): FrameParts {
    this.#columns ??= this.names.map((name, i) => inferColumn(name, this.arrays[i] ?? []));
    return { columns: this.#columns, length: this.length, labels: this.#labels, table: this.#table };
  }

  get rows(): unknown[][] {
    if (!this.#rows) {
      const { arrays } = this;
      this.#rows = Array.from({ length: this.length }, (_, i) => arrays.map((values) => values[i]));
    }
    return this.#rows;
  }

  get arrays(): unknown[][] {
    this.#arrays ??= this.#columns
      ? this.#columns.map((column) => column.toArray())
      : this.names.map((_, i) => (this.#rows ?? []).map((row) => row[i]));
    return this.#arrays;
  }

  set arrays(arrays: unknown[][]) {
    this.#arrays = arrays;
  }

  get labels(): (string | number)[] {
    if (!Array.isArray(this.#labels)) this.#labels = labelsOf(this.#labels, this.length);
    return this.#labels as (string | number)[];
  }

  set labels(labels: (string | number)[]) {
    this.#labels = labels;
  }

  rename(names: string[]): void {
    if (this.#columns?.length === names.length)
      this.#columns = this.#columns.map((column, i) => column.named(names[i] as string));
    this.#table = undefined;
    this.names = names;
    this.width = names.length;
  }

  editRows(rows: unknown[][]): void {
    this.#touch();
    this.#rows = rows;
    this.#columns = undefined;
    this.#length = rows.length;
    this.width = rows[0]?.length ?? this.names.length;
  }

  editColumns(columns: readonly Column[]): void {
    this.#touch();
    this.#columns = columns;
    this.names = columns.map((column) => column.name);
    this.width = columns.length;
  }

  slice(from: number, to: number): FrameParts {
    const { columns, length, labels, table } = this.parts;
    return {
      columns: columns.map((column) => column.slice(from, to)),
      length: to - from,
      labels: sliceLabels(labels, from, to),
      table: from === 0 && to === length ? table : table?.slice(from, to),
    };
  }

  take(rows: Uint32Array): FrameParts {
    const { columns, labels } = this.parts;
    return {
      columns: columns.map((column) => column.take(rows)),
      length: rows.length,
      labels: labels ? Array.from(rows, (row) => labels[row] as string | number) : rows,
    };
  }

  #touch(): void {
    this.#rows = undefined;
    this.#arrays = undefined;
    this.#table = undefined;
    this.edited = true;
  }
}
