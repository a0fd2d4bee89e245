import { Interrupted, MemoryLimitError } from "../../errors.ts";
import type { ProgressListener } from "../../progress.ts";
import { ChunkRows } from "../../scan/chunk-rows.ts";
import { partOf } from "../../scan/part-of.ts";
import { ScanRefused } from "../../scan/refused.ts";
import type { ColumnsRequest } from "../../scan/request.ts";
import { type ColumnChunk, type ColumnsResult, scanColumns } from "../../scan/scan-columns.ts";
import { settleTable } from "../../scan/settle-table.ts";
import type { Kind, ScanTable } from "../../scan/table.ts";
import type { ScanAhead } from "../../scan/threads/scan-ahead.ts";
import { readBlocks } from "../../source/blocks.ts";
import type { FileSource } from "../../source/source.ts";
import type { Refusal } from "../answer.ts";
import type { ScanPlan } from "../engines/scan-plan.ts";
import { refuseDigits } from "../engines/scannable.ts";
import { doubtNotes } from "../notes.ts";
import { bytesOf, type CallbackOptions, rowsPerChunk } from "../options.ts";
import { rowBytes } from "../whole.ts";
import { type ChunkCut, type EngineChunk, type EngineStream, UNLIMITED } from "./chunk-stream.ts";
import { WideIntegers } from "./wide-integers.ts";

/** Rows whose memory is measured, where the size of chunks depends on it. */
const SAMPLE_ROWS = 2000;
/** Rows of text that are so short are of less memory than a chunk may take, whatever their types. */
const SHORT_ROW = 400;

/** The chunks by the scanner, or what in the data another engine must read. */
export async function chunksByScanner(
  source: FileSource,
  { table: sniffed, plan, where }: ScanPlan,
  options: CallbackOptions,
  { size, resume, limit = UNLIMITED }: ChunkCut,
  onProgress: ProgressListener,
  ahead?: ScanAhead,
): Promise<EngineStream | Refusal> {
  const { signal, threads, usecols } = options;
  if (signal?.aborted) throw new Interrupted();
  try {
    const { columns } = plan;
    const memoryLimit = bytesOf(options.memoryLimit);
    const request = { columns: columns.map(({ name }) => name), where };
    const before = resume?.engine === "scanner" ? (resume.how as How) : undefined;
    const { at: from, rows: taken } = (before && resume?.place) ?? { at: undefined, rows: 0 };
    const check = (asked: ScanTable) => refuseDigits(asked, request.columns);
    const scan = { signal, threads, memoryLimit, check, ahead };
    const names = usecols === undefined ? undefined : [...request.columns, ...where.map(({ column }) => column)];
    const part = partOf(sniffed, names);
    // Another engine, which finds its types in all lines, cannot go on from where this one stops.
    const table = before
      ? withKinds(part, before.kinds)
      : part.format === "json"
        ? await settleTable(part, scan)
        : part;
    const sizes = new ChunkRows();
    const read = (rows: number, more: Pick<ColumnsRequest, "shared" | "from"> = {}) =>
      scanColumns(
        table,
        { ...request, rows, ...more },
        { ...scan, onProgress: behind(taken - (from?.pass ?? 0), onProgress) },
      );
    const categories = new Set(columns.filter(({ type }) => type === "category").map(({ name }) => name));
    const wide = new WideIntegers(source, table, before?.wide);
    const isBounded = memoryLimit !== undefined || !(await hasShortRows(source));
    const isSampled = before === undefined && (size === undefined ? isBounded : "bytes" in size);
    const bytesPerRow = isSampled ? await bytesOfRow(read(SAMPLE_ROWS)) : 1;
    const rows = before?.rows ?? rowsPerChunk(size, bytesPerRow, memoryLimit);
    const stream = read(rows, { shared: sizes.buffer, from });
    // What the scanner refuses it refuses before its first chunk.
    const first = await stream.next();
    const notes = doubtNotes(table.columns, options);
    const kinds = kindsOf(first.done ? table : first.value.table);
    return {
      engine: "scanner",
      chunks: finished(first, stream, notes, (chunk) => {
        sizes.limitTo(limit.mostRows);
        return wide.checked(withCategories({ ...chunk, firstRow: chunk.firstRow + taken }, categories));
      }),
      how: (): How => ({ rows, kinds, wide: wide.known }),
      notes,
    };
  } catch (failure) {
    if (failure instanceof ScanRefused) return { refused: failure.message };
    throw failure;
  }
}

/** How rows were read, so that others are read alike. */
interface How {
  /** Of a chunk. */
  readonly rows: number;
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly wide: ReadonlyMap<string, boolean>;
}

function kindsOf({ columns }: ScanTable): ReadonlyMap<string, Kind> {
  return new Map(columns.map(({ name, type }) => [name, type]));
}

function withKinds(table: ScanTable, kinds: ReadonlyMap<string, Kind>): ScanTable {
  const columns = table.columns.map((column) => ({ ...column, type: kinds.get(column.name) ?? column.type }));
  return { ...table, columns };
}

/** The rows that are not read are told, too. */
function behind(before: number, onProgress: ProgressListener): ProgressListener {
  return (event) => onProgress({ ...event, rows: event.rows === undefined ? undefined : event.rows + before });
}

async function hasShortRows(source: FileSource): Promise<boolean> {
  const head = (await readBlocks(source)).blocks[0]?.text ?? "";
  return head.length / head.split(/\r\n|\r|\n/).length < SHORT_ROW;
}

async function bytesOfRow(sample: AsyncGenerator<EngineChunk>): Promise<number> {
  for await (const chunk of sample) return rowBytes(chunk);
  return 1;
}

function withCategories(chunk: EngineChunk, categories: ReadonlySet<string>): EngineChunk {
  if (categories.size === 0) return chunk;
  const columns = chunk.columns.map((column) =>
    categories.has(column.name) ? { ...column, type: "category" } : column,
  );
  return { ...chunk, columns };
}

async function* finished(
  first: IteratorResult<ColumnChunk, ColumnsResult>,
  rest: AsyncGenerator<ColumnChunk, ColumnsResult>,
  notes: string[],
  finish: (chunk: EngineChunk) => EngineChunk,
): AsyncGenerator<EngineChunk> {
  let next = first;
  try {
    for (; !next.done; next = await rest.next()) yield finish(next.value);
    for (const { message } of next.value.notes) notes.push(message);
  } catch (failure) {
    // The other engine cannot go on from here.
    if (!(failure instanceof ScanRefused)) throw failure;
    throw new MemoryLimitError("E_MEMORY_LIMIT", `the chunks stop here: ${failure.message}`, {
      cause: failure,
      hint: "raise --memory-limit, or read fewer columns with --usecols",
    });
  } finally {
    await rest.return({ rows: 0, bytes: 0, notes: [] });
  }
}
