import { DataError, Interrupted, UsageError } from "../../errors.ts";
import { memoryLimitOf } from "../../limits.ts";
import type { ProgressListener } from "../../progress.ts";
import { checkGzip } from "../../source/file-checks.ts";
import { type SourceFile, totalBytes } from "../../source/source.ts";
import type { Moved } from "../../threads/serve.ts";
import { columnThreads } from "../column-threads.ts";
import { compileKernel, type KernelBuild, processSeed } from "../kernel.ts";
import type { ScanNote, ScanPlace } from "../request.ts";
import { takeHead } from "../rows/head.ts";
import type { ScanTable } from "../table.ts";
import type { WasmModule } from "../webassembly.ts";
import { currentFiles, OpenFile } from "./byte-sources.ts";
import { bytesProgress } from "./bytes-progress.ts";
import { threadsFor } from "./how-many.ts";
import { lineOf } from "./line-of.ts";
import { mendTable } from "./mend-table.ts";
import { raggedNote } from "./misfits.ts";
import { cutPieces, joinPieces, type Piece, type PieceBytes, pieceBytesFor, piecesFrom, WHOLE } from "./morsels.ts";
import type { Outcome } from "./outcome.ts";
import { HeldParts, type PartsReader } from "./parts.ts";
import type { ScanAhead } from "./scan-ahead.ts";
import { scanHere } from "./scan-here.ts";
import type { TextPlan } from "./scan-thread.ts";
import { type SmallText, smallText } from "./small-text.ts";
import { runThreads, type ThreadsOptions } from "./threads.ts";
import { Turns } from "./turns.ts";
import { Unpacking } from "./unpack.ts";
import type { WorkRequest } from "./works.ts";

export interface ScanOptions {
  /** Aborting it ends the scan with `Interrupted`, and its threads with it. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  /** Threads that read; default the cores that this process may use. The calling thread does none of the work of a large scan. */
  readonly threads?: number | undefined;
  /** Bytes that the scan may take for what it collects, over all threads. Default a quarter of what is free, 512 MiB to 1 GiB. */
  readonly memoryLimit?: number | undefined;
  /** Asked before each pass: throws where a table with these types, which may have been widened, is not to be scanned. */
  readonly check?: ((table: ScanTable) => void) | undefined;
  /** What was begun before the table was known; without it all begins with the scan. */
  readonly ahead?: ScanAhead | undefined;
  readonly tuning?: ScanTuning | undefined;
}

/** For tests and benches. */
export interface ScanTuning {
  readonly build?: KernelBuild | undefined;
  readonly blockBytes?: number | undefined;
  /** Bytes of a piece of a file that a thread reads at a time. */
  readonly pieceBytes?: number | undefined;
  /** Inputs below so many bytes are read in the calling thread; 0 for none. */
  readonly smallBytes?: number | undefined;
}

export interface ScanRun {
  readonly value: unknown;
  /** The table with the types that hold all values. */
  readonly table: ScanTable;
  readonly rows: number;
  readonly bytes: number;
  readonly notes: readonly ScanNote[];
}

/** Scans again with fewer guesses before there are none. */
const MOST_BREAKS = 3;
/** Packed bytes that are checked before somebody is told that a column is of no use for what he asks. */
const MOST_CHECKED = 32 * 2 ** 20;
/** Errors that say what is wrong with a file itself. */
const OF_FILES: ReadonlySet<string> = new Set(["E_DAMAGED_FILE", "E_FILE_CHANGED"]);

/** Scans a table once, or again: with wider types where a value asks for them, or with fewer guesses where a start was guessed wrong. */
export async function runScan(
  given: ScanTable,
  request: WorkRequest,
  options: ScanOptions = {},
  reader?: PartsReader,
): Promise<ScanRun> {
  if (options.signal?.aborted) throw new Interrupted();
  const files = currentFiles(given.files);
  let held: HeldParts | undefined;
  try {
    options.check?.(given);
    const small = await smallText(given.compression, files, options);
    held = reader && small ? new HeldParts(reader) : undefined;
    return await scanUntilDone(given, files, request, options, held ?? reader, small);
  } catch (failure) {
    // What is unpacked of a damaged file may look like a ragged row, a wrong value or a column of texts long before the damage is found.
    const isOfRows = failure instanceof DataError && !OF_FILES.has(failure.code);
    const isOfTypes = failure instanceof UsageError && totalBytes(files) <= MOST_CHECKED;
    if (given.compression === "gzip" && (isOfRows || isOfTypes)) await checkGzip(files, options.signal);
    throw failure;
  } finally {
    held?.release();
  }
}

async function scanUntilDone(
  given: ScanTable,
  files: readonly SourceFile[],
  request: WorkRequest,
  options: ScanOptions,
  parts: PartsReader | undefined,
  small: SmallText | undefined,
): Promise<ScanRun> {
  const bytes = totalBytes(files);
  const module = await compileKernel(options.tuning?.build);
  const notes: ScanNote[] = [];
  let table = given;
  const isParallel = given.compression === undefined && given.dialect.encoding === "utf-8" && parts === undefined;
  const most = threadsOfScan(given, request, bytes, options, isParallel);
  const from = placeOf(request);
  let pieces = from
    ? piecesFrom(files, from)
    : cutPieces(files, isParallel && most > 1 ? pieceBytesOf(options.tuning, most) : WHOLE);
  for (let breaks = 0; ; ) {
    parts?.begin(table);
    const outcome = await scanOnce(module, table, files, pieces, request, options, most, parts, small);
    if (outcome.kind === "done") {
      const { value, rows, ragged } = outcome;
      if (ragged) notes.push(raggedNote((files[ragged.file] as SourceFile).path, ragged));
      return { value, table, rows, bytes, notes };
    }
    if (outcome.kind === "fault") {
      const isBound = from !== undefined || (parts?.isBound ?? false);
      const line = (file: SourceFile, offset: number) => lineOf(module, given, file, offset);
      table = mendTable(table, files, outcome, { notes, isBound, check: options.check, lineOf: line });
    } else {
      // The starts that are wrong are left out; where others turn out wrong then, too, no more are guessed.
      pieces = breaks < MOST_BREAKS ? joinPieces(pieces, outcome.pieces) : cutPieces(files, WHOLE);
      const message = `${given.label} was read again from its start: its quoted fields look like rows`;
      if (breaks++ === 0) notes.push({ code: "again", message });
    }
  }
}

function pieceBytesOf(tuning: ScanTuning | undefined, threads: number): PieceBytes {
  const bytes = tuning?.pieceBytes;
  return bytes === undefined ? pieceBytesFor(threads) : () => bytes;
}

/** Threads take pieces of the text each, or, where parts are wanted in their order, turns at the next part. */
function threadsOfScan(
  table: ScanTable,
  work: WorkRequest,
  bytes: number,
  options: ScanOptions,
  isParallel: boolean,
): number {
  const most = threadsFor(bytes, options);
  if (work.kind === "columns") return columnThreads(table, work.request, most);
  return isParallel ? most : 1;
}

function placeOf({ kind, request }: WorkRequest): ScanPlace | undefined {
  return kind === "columns" ? request.from : undefined;
}

async function scanOnce(
  module: WasmModule,
  table: ScanTable,
  files: readonly SourceFile[],
  pieces: readonly Piece[],
  request: WorkRequest,
  options: ScanOptions,
  most: number,
  parts: PartsReader | undefined,
  small: SmallText | undefined,
): Promise<Outcome> {
  const { signal, ahead, tuning } = options;
  // What was stopped takes over nothing that it would have to end.
  if (signal?.aborted) throw new Interrupted();
  const bytes = totalBytes(files);
  const isInTurns = request.kind === "columns" && most > 1 && !small;
  const threads = isInTurns ? most : Math.min(most, pieces.length);
  const plan: TextPlan = {
    module,
    seed: processSeed(),
    table,
    files,
    names: threads > 1 || placeOf(request) ? namesOf(table, files) : undefined,
    pieces,
    turns: isInTurns ? Turns.from(startOf(pieces)).buffer : undefined,
    request,
    memoryLimit: (options.memoryLimit ?? memoryLimitOf(undefined, threads)) / threads,
    blockBytes: tuning?.blockBytes,
  };
  if (small) {
    const emit = ({ value }: Moved) => parts?.onPart(value, () => undefined);
    return (await scanHere(plan, { emit, nextFile: small() })) ?? { kind: "broken", pieces: [] };
  }
  const unpacking = table.compression === undefined ? undefined : (ahead?.takeUnpacking(files) ?? new Unpacking(files));
  const onProgress = progressOf(options, bytes, bytesBefore(files, placeOf(request)), unpacking);
  const { onPart, onThreads } = parts ?? {};
  return runThreads(plan, { threads, signal, onProgress, onPart, onThreads, unpacking, ahead });
}

/** Where the first piece is known to begin; -1 where that is behind what stands before the rows. */
function startOf([first]: readonly Piece[]): number {
  return first?.firstRow === undefined ? -1 : first.start;
}

function namesOf(table: ScanTable, files: readonly SourceFile[]): readonly string[] | undefined {
  if (table.format !== "csv" || !table.dialect.header || files.length < 2) return undefined;
  using file = new OpenFile(files[0] as SourceFile);
  return takeHead(file.from(0), table.dialect).names;
}

function bytesBefore(files: readonly SourceFile[], from: ScanPlace | undefined): number {
  return from ? totalBytes(files.slice(0, from.file)) + from.offset : 0;
}

function progressOf(
  { onProgress }: ScanOptions,
  total: number,
  before: number,
  unpacking: Unpacking | undefined,
): ThreadsOptions["onProgress"] {
  // Where pieces meet, some bytes are read by both.
  return bytesProgress(onProgress, total, ({ bytes }) => before + (unpacking ? unpacking.bytes : bytes));
}
