import { inspect } from "node:util";
import { retyped } from "../duckdb/aggregate.ts";
import { type DescribedSource, describeSource, scanColumns } from "../duckdb/describe.ts";
import { explainInteger } from "../duckdb/locate.ts";
import { guardFailure, type ScanColumn, selectOf } from "../duckdb/scan.ts";
import { type DuckdbSession, openDuckdb } from "../duckdb/session.ts";
import { quoteName } from "../duckdb/sql.ts";
import { Interrupted, OutgrowError, UsageError } from "../errors.ts";
import { frameFromColumns } from "../frame/frame.ts";
import { parseDtypes } from "../query/dtypes.ts";
import { planColumns } from "../query/plan.ts";
import { checkWhere } from "../query/where.ts";
import { withGzipCheck } from "../source/check-gzip.ts";
import type { FileSource } from "../source/source.ts";
import { formatCount } from "../units.ts";
import { type Combiner, createCombiner } from "./combine.ts";
import { lossyNotes } from "./notes.ts";
import {
  bytesOf,
  type CallbackOptions,
  type ChunkCallback,
  type ChunkInfo,
  chunkSizeOf,
  rowsPerChunk,
} from "./options.ts";
import { type ChunkedRun, RunMeter, withRun } from "./run.ts";
import { type PredictWhole, predictWhole, rowBytes } from "./whole.ts";

const SAMPLE_ROWS = 2000;

/** Runs the callback on each chunk of the source in the order of its rows, and combines what it gives. */
export async function chunkedByCallback(
  source: FileSource,
  callback: ChunkCallback,
  options: CallbackOptions,
): Promise<unknown> {
  const size = chunkSizeOf(options.chunksize);
  const combiner = createCombiner(options.merge);
  using meter = new RunMeter(options.signal);
  const state: Progress = { rows: 0, chunks: 0, fraction: undefined, predict: undefined };
  const finishRun = (isComplete: boolean): ChunkedRun => {
    const run = meter.finish({ ...factsOf(source, options, state), complete: isComplete });
    options.onRun?.(run);
    return run;
  };
  try {
    await using session = await openDuckdb({
      memoryLimit: bytesOf(options.memoryLimit),
      threads: options.threads,
      signal: options.signal,
    });
    await withGzipCheck(source, options.signal, () =>
      eachChunk(session, source, callback, options, size, combiner, state),
    );
    const result = await combiner.finish();
    const run = finishRun(true);
    return withRun(result, run);
  } catch (failure) {
    const run = finishRun(false);
    if (failure instanceof Interrupted) await attachPartial(failure, combiner, run);
    throw failure;
  } finally {
    combiner.release();
  }
}

interface Progress {
  rows: number;
  chunks: number;
  fraction: number | undefined;
  predict: PredictWhole | undefined;
}

async function eachChunk(
  session: DuckdbSession,
  source: FileSource,
  callback: ChunkCallback,
  options: CallbackOptions,
  size: ReturnType<typeof chunkSizeOf>,
  combiner: Combiner,
  state: Progress,
): Promise<void> {
  const described = await describeSource(session, source);
  if (options.where === undefined) state.predict = await predictWhole(source, async () => session, options.signal);
  const columns = planColumns(described, options);
  const where = checkWhere(options.where);
  const read = scanColumns(described, where === undefined ? columns : withAll(described, columns));
  // What the user says is of 64 bits is read from its digits; doubles, which are faster, would round it beyond 2^53.
  const declared = parseDtypes(options.dtype ?? {});
  const isExact = (name: string) =>
    source.format === "csv" && Object.hasOwn(declared, name) && /^u?int64$/.test(declared[name] ?? "");
  let scanned = read.map((column) => (isExact(column.name) ? { ...column, isWide: true } : column));
  for (;;) {
    try {
      return await runChunks(session, source, callback, options, size, combiner, state, { columns, scanned, where });
    } catch (failure) {
      scanned = await betterTypes(failure, scanned);
    }
  }

  /** A check that failed inside the engine knows its column. Before the first chunk another type may still be taken. */
  async function betterTypes(failure: unknown, before: readonly ScanColumn[]): Promise<ScanColumn[]> {
    const guard = guardFailure(
      failure instanceof OutgrowError ? String((failure.cause as Error | undefined)?.message) : "",
    );
    const column = before.find(({ name }) => name === guard?.column);
    if (!column) throw failure;
    if (state.chunks > 0) throw (await explainInteger(session, source, column)).error;
    return retyped(session, source, before, column.name, Object.hasOwn(declared, column.name));
  }
}

interface Reading {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly scanned: readonly ScanColumn[];
  readonly where: string | undefined;
}

async function runChunks(
  session: DuckdbSession,
  source: FileSource,
  callback: ChunkCallback,
  options: CallbackOptions,
  size: ReturnType<typeof chunkSizeOf>,
  combiner: Combiner,
  state: Progress,
  { columns, scanned, where }: Reading,
): Promise<void> {
  const list = columns.map(({ name }) => quoteName(name)).join(", ");
  const sql = `SELECT ${list} FROM (${selectOf(source, scanned)})${where === undefined ? "" : ` WHERE (${where})`}`;
  const types = Object.fromEntries(
    columns.filter(({ type }) => type === "category").map(({ name, type }) => [name, type]),
  );
  const bytes = rowBytes(await session.query(`SELECT * FROM (${sql}) LIMIT ${SAMPLE_ROWS}`, { types }));
  const stream = session.stream(sql, rowsPerChunk(size, bytes), {
    types,
    sourceTypes:
      options.dtype === undefined ? undefined : Object.fromEntries(columns.map(({ name, type }) => [name, type])),
    onProgress: ({ fraction }) => {
      state.fraction = fraction;
      report(options, state);
    },
  });
  for await (const table of stream) {
    const info: ChunkInfo = { index: state.chunks, rows: table.rows, firstRow: table.firstRow };
    combiner.add(await callUser(callback, frameFromColumns(table.columns), info));
    state.chunks++;
    state.rows += table.rows;
    if (options.signal?.aborted) throw new Interrupted();
    report(options, state);
  }
}

/** A condition may use columns that the callback does not get. */
function withAll(
  described: DescribedSource,
  columns: readonly { name: string; type: string }[],
): { name: string; type: string }[] {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  return described.columns.map(({ name, type }) => ({ name, type: types.get(name) ?? type }));
}

/** The user's error keeps its class and stack, and says which chunk it was. */
async function callUser(
  callback: ChunkCallback,
  frame: Parameters<ChunkCallback>[0],
  info: ChunkInfo,
): Promise<unknown> {
  try {
    return await callback(frame, info);
  } catch (failure) {
    const place = `chunk ${info.index + 1}, rows ${formatCount(info.firstRow + 1)} to ${formatCount(info.firstRow + info.rows)}`;
    if (failure instanceof Interrupted) throw failure;
    if (!(failure instanceof Error))
      throw new UsageError("E_CALLBACK", `${place}: the callback threw ${inspect(failure, { depth: 1 })}`, {
        cause: failure,
        hint: "throw an Error to see where it came from",
      });
    // A frozen error is passed on as it is.
    Reflect.set(failure, "message", `${failure.message} (in ${place})`);
    throw failure;
  }
}

function report({ onProgress }: CallbackOptions, { rows, chunks, fraction }: Progress): void {
  onProgress?.({ operation: "chunked", fraction, note: `${formatCount(chunks)} chunks, ${formatCount(rows)} rows` });
}

function factsOf(source: FileSource, options: CallbackOptions, { rows, chunks, fraction, predict }: Progress) {
  return {
    source: source.label,
    rows,
    chunks,
    fileBytes: source.bytes,
    engine: "DuckDB",
    reason: "the body is TypeScript: the engine reads, the body runs once for each chunk",
    fraction,
    wholeBytes: predict?.(rows),
    notes: lossyNotes(options.dtype),
  };
}

/** What was merged before the stop goes with the error. */
async function attachPartial(failure: Interrupted, combiner: Combiner, run: ChunkedRun): Promise<void> {
  const partial = await combiner.finish();
  Object.defineProperty(failure, "partial", { value: withRun(partial, run), enumerable: false, configurable: true });
}
