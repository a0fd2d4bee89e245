import { Arena } from "../arena.ts";
import { ChunkRows } from "../chunk-rows.ts";
import { RowMask } from "../groups/row-mask.ts";
import type { ColumnsRequest } from "../request.ts";
import type { FieldTable } from "../rows/field-table.ts";
import { chosenColumns } from "../values/chosen-columns.ts";
import { ChunkCutter } from "../values/chunks.ts";
import { ColumnReader } from "../values/columns.ts";
import { buffersOf, type SentChunk } from "../values/sent-chunk.ts";
import type { Misfit, Moved, Work } from "./work.ts";
import type { WorkContext } from "./works.ts";

const ROWS = 50_000;

/** Sends rows as chunks of columns while they are read. */
export class ColumnsWork implements Work {
  readonly misfits: Misfit[] = [];
  readonly #readers: readonly ColumnReader[];
  readonly #mask: RowMask;
  readonly #cutter: ChunkCutter;

  constructor({ kernel, table, emit, maxRows, budget }: WorkContext, request: ColumnsRequest) {
    const arena = new Arena(kernel);
    const columns = chosenColumns(table.columns, request.columns);
    this.#readers = columns.map((index) => new ColumnReader(kernel, arena, table, index, maxRows));
    this.#mask = new RowMask(kernel, arena, table, request.where ?? [], maxRows);
    const onChunk = (chunk: SentChunk) => emit({ value: chunk, buffers: buffersOf(chunk) });
    // Tables of texts that grow are for a moment there twice, and the reader has the texts, too.
    const dictionaryBytes = budget.bytes / 4;
    const { rows = ROWS, shared, from } = request;
    const sizes = shared && new ChunkRows(shared);
    const rowsOf = sizes && ((chunk: number) => sizes.at(chunk, rows));
    const options = { rows, rowsOf, pass: from?.pass, maxRows, onChunk, dictionaryBytes };
    this.#cutter = new ChunkCutter(kernel, arena, this.#readers, options);
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
