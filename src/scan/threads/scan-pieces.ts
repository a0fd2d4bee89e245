import path from "node:path";
import { DataError } from "../../errors.ts";
import type { SourceFile } from "../../source/source.ts";
import type { Kernel } from "../kernel.ts";
import { ScanRefused } from "../refused.ts";
import type { BlockReader } from "../rows/blocks.ts";
import type { FieldTable } from "../rows/field-table.ts";
import { type Head, takeHead } from "../rows/head.ts";
import type { RowCounts } from "../rows/row-cutter.ts";
import { RowFault, type RowFaultDetails } from "../rows/row-fault.ts";
import type { ByteSource } from "../rows/text-buffer.ts";
import { toUtf8 } from "../rows/transcode.ts";
import type { ScanTable } from "../table.ts";
import { OpenFile } from "./byte-sources.ts";
import type { ScanControl } from "./control.ts";
import { type PackedFailure, packFailure } from "./failures.ts";
import type { Piece } from "./morsels.ts";
import type { Misfit, Work } from "./work.ts";

/** Pieces are numbered in the order of their bytes, and rows grow with them: a row's number says what comes first. */
export const ROWS_OF_A_PIECE = 2 ** 32;

/** Why a thread stopped in a piece. Rows count from the piece's first. */
export type PieceFault = { readonly piece: number } & (
  | { readonly kind: "row"; readonly fault: RowFaultDetails }
  | { readonly kind: "misfits"; readonly misfits: readonly Misfit[] }
  | { readonly kind: "failure"; readonly failure: PackedFailure }
);

export interface PiecesTask {
  readonly table: ScanTable;
  /** As they were when the scan began. */
  readonly files: readonly SourceFile[];
  /** The line of names that all files must have; undefined where the first file that is read says it. */
  names?: readonly string[] | undefined;
  readonly pieces: readonly Piece[];
  readonly control: ScanControl;
  readonly thread: number;
  readonly reader: BlockReader;
  readonly work: Work;
  readonly kernel: Kernel;
  /** Gives the bytes of the next file, where another thread reads and unpacks the files. */
  readonly nextFile?: (() => ByteSource) | undefined;
}

/** Reads pieces until there is none left or one has a fault. */
export function scanPieces(task: PiecesTask): PieceFault | undefined {
  const { control } = task;
  let open: OpenFile | undefined;
  try {
    for (let piece = control.takePiece(); piece !== undefined; piece = control.takePiece()) {
      try {
        const file = task.files[(task.pieces[piece] as Piece).file] as SourceFile;
        if (!task.nextFile && open?.file !== file) {
          open?.close();
          open = undefined;
          open = new OpenFile(file);
        }
        scanPiece(task, piece, open);
        open?.verify();
      } catch (failure) {
        if (failure === LEAVE) continue;
        control.stopBehind(piece);
        return faultOf(piece, changeOf(open) ?? failure);
      }
    }
  } finally {
    open?.close();
  }
  return undefined;
}

/** Thrown to leave a piece that nobody wants any more. */
export const LEAVE = Symbol("leave");

/** Thrown to leave a piece whose columns must be read as something else. */
class Misfits extends Error {
  readonly misfits: readonly Misfit[];

  constructor(misfits: readonly Misfit[]) {
    super("misfits");
    this.misfits = misfits;
  }
}

function scanPiece(task: PiecesTask, number: number, open: OpenFile | undefined): void {
  const { table, reader, control, thread } = task;
  const piece = task.pieces[number] as Piece;
  const file = task.files[piece.file] as SourceFile;
  const isStart = piece.firstRow !== undefined;
  const isGuess = piece.start > 0 && !isStart;
  // A guess looks for the first row that starts after the byte before the piece.
  const first = isGuess ? piece.start - 1 : piece.start;
  const raw = open ? open.from(first) : (task.nextFile?.() as ByteSource);
  const counted = counting(raw, (bytes) => {
    if (control.isNeedless(number)) throw LEAVE;
    if (open) control.addProgress(thread, bytes, 0);
  });
  const text = toUtf8(counted, table.dialect.encoding, file.path);
  const head = isGuess || isStart ? undefined : headOf(text, task, file);
  const onRows = (fields: FieldTable) => consumeRows(task, number, fields);
  const start = head ? head.bytes : first;
  const range = { start, stop: piece.stop, isGuess, firstRow: number * ROWS_OF_A_PIECE };
  try {
    const found = reader.read(head ? head.rest : text, onRows, range);
    refuseJson(found, table, path.basename(file.path));
    control.reportPiece(number, found);
  } catch (failure) {
    const { startedAt } = reader;
    control.reportPiece(number, { startedAt, endedAt: startedAt, rows: 0, ragged: 0, skipped: 0, firstRagged: -1 });
    throw failure;
  }
}

/** Hands rows of a piece to the work. */
export function consumeRows({ control, work, thread, kernel }: PiecesTask, piece: number, fields: FieldTable): void {
  if (control.isNeedless(piece)) throw LEAVE;
  work.consume(fields);
  control.addProgress(thread, 0, fields.rows);
  control.setMemory(thread, kernel.calls.takenBytes());
  if (work.misfits.length > 0) throw new Misfits(work.misfits);
}

/** What a flat table of typed columns does not hold. */
function refuseJson(found: RowCounts, { isPart }: ScanTable, name: string): void {
  if (found.nestedValues > 0) throw new ScanRefused("nested", `${name} has objects or lists as values`);
  if (found.oddValues > 0) throw new ScanRefused("type", `${name} has values of several kinds under one key`);
  if (found.repeatedKeys > 0) throw new ScanRefused("nested", `${name} has a key twice in one object`);
  if (found.unknownKeys > 0 && !isPart) throw new ScanRefused("nested", `${name} has keys that its samples have not`);
}

/** Takes the line of names off, which must be that of the first file. */
export function headOf(text: ByteSource, task: PiecesTask, file: SourceFile): Head {
  const { table, files } = task;
  const header = table.format === "csv" && table.dialect.header;
  const head = takeHead(text, { ...table.dialect, header });
  const name = path.basename(file.path);
  if (head.isEmpty)
    throw new DataError("E_EMPTY_FILE", `${name} is empty: 0 bytes`, {
      hint: "a table without rows still needs its line of names; check how the file was written",
    });
  if (head.names && head.names.length !== table.columns.length)
    throw new DataError(
      "E_FILE_CHANGED",
      `${name} has ${head.names.length} names in its first line, and ${table.columns.length} columns were found before`,
      { hint: "run the line again, which looks at the file anew" },
    );
  task.names ??= head.names;
  const odd = differingName(task.names, head.names);
  if (odd === undefined) return head;
  const first = path.basename((files[0] as SourceFile).path);
  throw new DataError("E_MIXED_COLUMNS", `${name} and ${first} differ in their lines of names: ${odd}`, {
    hint: "name the files of one kind with a pattern, or give them the same columns in the same order",
  });
}

function differingName(
  expected: readonly string[] | undefined,
  found: readonly string[] | undefined,
): string | undefined {
  if (!expected || !found) return undefined;
  const at = expected.findIndex((name, i) => name !== found[i]);
  if (at < 0 && found.length <= expected.length) return undefined;
  const column = at < 0 ? expected.length : at;
  const said = (names: readonly string[]) => (column < names.length ? `"${names[column]}"` : "missing");
  return `column ${column + 1} is ${said(found)} and ${said(expected)}`;
}

export function counting(source: ByteSource, onBytes: (bytes: number) => void): ByteSource {
  return {
    read(into) {
      const count = source.read(into);
      onBytes(count);
      return count;
    },
  };
}

/** That the file is not the one that it was any more: what is wrong in it is then wrong in neither. */
export function changeOf(open: OpenFile | undefined): unknown {
  try {
    open?.verify();
    return undefined;
  } catch (change) {
    return change;
  }
}

export function faultOf(piece: number, failure: unknown): PieceFault {
  const base = piece * ROWS_OF_A_PIECE;
  if (failure instanceof RowFault)
    return { piece, kind: "row", fault: { ...failure.details, row: failure.details.row - base } };
  if (failure instanceof Misfits)
    return { piece, kind: "misfits", misfits: failure.misfits.map((one) => ({ ...one, row: one.row - base })) };
  return { piece, kind: "failure", failure: packFailure(failure) };
}
