import { nearest, UsageError } from "../errors.ts";
import { Arena } from "./arena.ts";
import { ChunkCutter } from "./chunks.ts";
import { ColumnReader } from "./columns.ts";
import type { FieldTable } from "./field-table.ts";
import type { ColumnsRequest } from "./request.ts";
import { RowMask } from "./row-mask.ts";
import { buffersOf, type SentChunk } from "./sent-chunk.ts";
import type { ScanColumn } from "./table.ts";
import type { Misfit, Moved, Work } from "./work.ts";
import type { WorkContext } from "./works.ts";

const ROWS = 50_000;

/** Sends rows as chunks of columns while they are read. */
export class ColumnsWork implements Work {
  readonly misfits: Misfit[] = [];
  readonly #readers: readonly ColumnReader[];
  readonly #mask: RowMask;
  readonly #cutter: ChunkCutter;

  constructor({ kernel, table, emit, maxRows }: WorkContext, request: ColumnsRequest) {
    const arena = new Arena(kernel);
    const columns = chosenColumns(table.columns, request);
    this.#readers = columns.map((index) => new ColumnReader(kernel, arena, table, index, maxRows));
    this.#mask = new RowMask(kernel, arena, table, request.where ?? [], maxRows);
    const onChunk = (chunk: SentChunk) => emit({ value: chunk, buffers: buffersOf(chunk) });
    this.#cutter = new ChunkCutter(kernel, arena, this.#readers, { rows: request.rows ?? ROWS, maxRows, onChunk });
  }

  consume(fields: FieldTable): void {
    this.#mask.read(fields);
    this.#cutter.append(fields, this.#mask.address);
    for (const { misfit } of [...this.#readers, ...this.#mask.readers])
      if (misfit && !this.misfits.some(({ column }) => column === misfit.column)) this.misfits.push(misfit);
  }

  /** One thread reads all of it. */
  partial(): Moved {
    return { value: undefined, buffers: [] };
  }

  merge(): void {}

  result(): Moved {
    this.#cutter.finish();
    return { value: undefined, buffers: [] };
  }
}

/**
 * Indexes in the table's columns of those that are asked for.
 *
 * @throws {UsageError} E_NO_COLUMN
 */
export function chosenColumns(columns: readonly ScanColumn[], { columns: names }: ColumnsRequest): number[] {
  if (names === undefined) return columns.map((_, index) => index);
  return names.map((name) => indexOfColumn(columns, name));
}

/** @throws {UsageError} E_NO_COLUMN */
export function indexOfColumn(columns: readonly ScanColumn[], name: string): number {
  const index = columns.findIndex((column) => column.name === name);
  if (index >= 0) return index;
  const names = columns.map((column) => column.name);
  const near = nearest(name, names);
  throw new UsageError("E_NO_COLUMN", `no column "${name}"`, {
    hint: near.length > 0 ? `did you mean ${near.join(" or ")}?` : `there are ${names.slice(0, 8).join(", ")}`,
  });
}
