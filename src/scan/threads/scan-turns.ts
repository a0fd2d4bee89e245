import type { SourceFile } from "../../source/source.ts";
import type { FieldTable } from "../rows/field-table.ts";
import { RowFault } from "../rows/row-fault.ts";
import type { ChunkStart } from "../values/chunks.ts";
import { OpenFile } from "./byte-sources.ts";
import type { Piece } from "./morsels.ts";
import {
  changeOf,
  consumeRows,
  counting,
  faultOf,
  headOf,
  LEAVE,
  type PieceFault,
  type PiecesTask,
  ROWS_OF_A_PIECE,
} from "./scan-pieces.ts";
import type { Turns } from "./turns.ts";

/** The most text whose fields are found before its values are read: what a chunk has beyond it is read within the turn. */
const MOST_BYTES = 16 * 2 ** 20;

export interface TurnsTask extends PiecesTask {
  readonly turns: Turns;
  readonly memoryLimit: number;
  /** What the chunk with a number is to be. */
  readonly chunkAt: (number: number) => ChunkStart;
  /** Told which chunk the rows are of that come next. */
  readonly onChunk: (chunk: ChunkStart) => void;
}

/** Reads one chunk after the other in turns with other threads, until there is none left or one has a fault. */
export function scanTurns(task: TurnsTask): PieceFault | undefined {
  return new TurnsReader(task).run();
}

class TurnsReader {
  readonly #task: TurnsTask;
  /** Rows that were cut and not read yet. */
  #held: FieldTable[] = [];
  #open: OpenFile | undefined;
  /** The piece of the rows that are worked on. */
  #piece = 0;

  constructor(task: TurnsTask) {
    this.#task = task;
  }

  run(): PieceFault | undefined {
    const { turns, control } = this.#task;
    try {
      while (turns.take(() => control.isCancelled)) this.#readChunk();
    } catch (failure) {
      if (failure === LEAVE) return undefined;
      turns.end();
      control.stopBehind(this.#piece);
      return faultOf(this.#piece, changeOf(this.#open) ?? failure);
    } finally {
      this.#open?.close();
    }
    return undefined;
  }

  #readChunk(): void {
    const { turns, work, chunkAt, onChunk } = this.#task;
    const chunk = chunkAt(turns.place.chunk);
    onChunk(chunk);
    let isFull = false;
    try {
      isFull = this.#cut(chunk.pass + chunk.rows);
      turns.place = { ...turns.place, chunk: chunk.number + 1 };
    } catch (failure) {
      turns.end();
      // What is wrong in the rows before comes first.
      if (failure instanceof RowFault) this.#consume();
      throw failure;
    } finally {
      turns.give();
    }
    this.#consume();
    if (!isFull) work.endChunk?.();
  }

  /** Finds the fields of so many rows, over as many files as they take; false when there are fewer. */
  #cut(wanted: number): boolean {
    const { turns, pieces, reader, memoryLimit } = this.#task;
    reader.keep(wanted, Math.min(MOST_BYTES, memoryLimit / 8), () => this.#consume());
    for (let left = wanted; ; ) {
      const { piece, chunk } = turns.place;
      if (piece === pieces.length) {
        turns.end();
        return false;
      }
      left -= this.#cutPiece(left);
      if (left === 0) return true;
      turns.place = { piece: piece + 1, offset: -1, row: 0, chunk };
    }
  }

  /** Finds the fields of rows of the piece that is at hand, and gives how many there are. */
  #cutPiece(most: number): number {
    const { turns, control, thread, reader } = this.#task;
    const { piece, offset, row, chunk } = turns.place;
    this.#piece = piece;
    if (control.isNeedless(piece)) throw LEAVE;
    const open = this.#openFile(piece);
    const text = counting(open.from(Math.max(0, offset)), (bytes) => control.addProgress(thread, bytes, 0));
    const head = offset < 0 ? headOf(text, this.#task, open.file) : undefined;
    const start = head ? head.bytes : offset;
    const before = control.pieceReport(piece);
    const startedAt = row === 0 ? start : before.startedAt;
    control.reportPiece(piece, { ...before, startedAt, endedAt: start });
    const range = { start, firstRow: piece * ROWS_OF_A_PIECE + row, rows: most };
    const found = reader.read(head ? head.rest : text, (fields) => this.#held.push(fields.copy()), range);
    open.verify();
    control.reportPiece(piece, {
      startedAt,
      endedAt: found.endedAt,
      rows: before.rows + found.rows,
      ragged: before.ragged + found.ragged,
      skipped: before.skipped + found.skipped,
      firstRagged: before.ragged > 0 || found.ragged === 0 ? before.firstRagged : row + found.firstRagged,
    });
    turns.place = { piece, offset: found.endedAt, row: row + found.rows + found.skipped, chunk };
    return found.rows;
  }

  #consume(): void {
    const held = this.#held;
    const cutting = this.#piece;
    this.#held = [];
    for (const fields of held) {
      this.#piece = Math.floor(fields.firstRow / ROWS_OF_A_PIECE);
      consumeRows(this.#task, this.#piece, fields);
    }
    // Rows of pieces before it may be read while one is cut.
    this.#piece = cutting;
  }

  #openFile(number: number): OpenFile {
    const { pieces, files } = this.#task;
    const file = files[(pieces[number] as Piece).file] as SourceFile;
    if (this.#open?.file === file) return this.#open;
    this.#open?.close();
    this.#open = undefined;
    this.#open = new OpenFile(file);
    return this.#open;
  }
}
