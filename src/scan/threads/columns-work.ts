import type { Moved } from "../../threads/serve.ts";
import { Arena } from "../arena.ts";
import { chunkAt, ROWS_OF_A_CHUNK } from "../chunk-rows.ts";
import { RowMask } from "../groups/row-mask.ts";
import type { ColumnsRequest } from "../request.ts";
import type { FieldTable } from "../rows/field-table.ts";
import { chosenColumns } from "../values/chosen-columns.ts";
import { ChunkCutter } from "../values/chunks.ts";
import { ColumnReader } from "../values/columns.ts";
import { buffersOf, type SentChunk } from "../values/sent-chunk.ts";
import type { Misfit, Work } from "./work.ts";
import type { WorkContext } from "./works.ts";

/** Sends rows as chunks of columns while they are read. */
export class ColumnsWork implements Work {
  readonly misfits: Misfit[] = [];
  readonly #readers: readonly ColumnReader[];
  readonly #mask: RowMask;
  readonly #cutter: ChunkCutter;
  readonly #isInTurns: boolean;

  constructor(context: WorkContext, request: ColumnsRequest) {
    const { kernel, table, emit, maxRows, budget, thread, beginChunk } = context;
    const arena = new Arena(kernel);
    const columns = chosenColumns(table.columns, request.columns);
    this.#readers = columns.map((index) => new ColumnReader(kernel, arena, table, index, maxRows));
    this.#mask = new RowMask(kernel, arena, table, request.where ?? [], maxRows);
    const onChunk = (chunk: SentChunk) => emit({ value: chunk, buffers: buffersOf(chunk) }, chunk.number);
    // Tables of texts that grow are for a moment there twice, and the reader has the texts, too.
    const dictionaryBytes = budget.bytes / 4;
    let chunks = 0;
    const begin = beginChunk ?? (() => chunkAt(request, chunks++));
    const options = { rows: request.rows ?? ROWS_OF_A_CHUNK, begin, thread, maxRows, onChunk, dictionaryBytes };
    this.#isInTurns = beginChunk !== undefined;
    this.#cutter = new ChunkCutter(kernel, arena, this.#readers, options);
  }

  consume(fields: FieldTable): void {
    const mask = this.#mask;
    mask.read(fields);
    this.#cutter.read(fields, mask.address);
    for (const { misfit } of [...this.#readers, ...mask.readers])
      if (misfit && !this.misfits.some(({ column }) => column === misfit.column)) this.misfits.push(misfit);
    this.#cutter.append(fields, mask.address, soundRows(fields, this.misfits));
  }

  endChunk(): void {
    this.#cutter.finish();
  }

  /** All of it was sent. */
  parts(): readonly Moved[] {
    return [];
  }

  merge(): void {}

  result(): Moved {
    if (!this.#isInTurns) this.#cutter.finish();
    return { value: undefined, buffers: [] };
  }
}

/** Rows of a block before the first misfit: no chunk that has a later one may be handed out. */
function soundRows(fields: FieldTable, misfits: readonly Misfit[]): number {
  if (misfits.length === 0) return fields.rows;
  const first = Math.min(...misfits.map(({ row }) => row));
  let rows = fields.rows;
  while (rows > 0 && fields.numberOf(rows - 1) >= first) rows--;
  return rows;
}
