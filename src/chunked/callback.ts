import { inspect } from "node:util";
import { Interrupted, UsageError } from "../errors.ts";
import { frameFromColumns } from "../frame/frame.ts";
import type { FileSource } from "../source/source.ts";
import { formatCount } from "../units.ts";
import type { ChunkStream } from "./chunks/chunk-stream.ts";
import { type Combiner, createCombiner } from "./chunks/combine.ts";
import { Engines } from "./engines.ts";
import { sourceNotes } from "./notes.ts";
import { type CallbackOptions, type ChunkCallback, type ChunkInfo, chunkSizeOf } from "./options.ts";
import { type ChunkedRun, RunMeter, withRun } from "./run.ts";
import { type PredictWhole, predictWhole } from "./whole.ts";

/** Runs the callback on each chunk of the source in the order of its rows, and combines what it gives. */
export async function chunkedByCallback(
  source: FileSource,
  callback: ChunkCallback,
  options: CallbackOptions,
): Promise<unknown> {
  const size = chunkSizeOf(options.chunksize);
  const combiner = createCombiner(options.merge);
  using meter = new RunMeter(options.signal);
  const state: Progress = {
    rows: 0,
    chunks: 0,
    fraction: undefined,
    predict: undefined,
    stream: undefined,
    engines: undefined,
  };
  const finishRun = (isComplete: boolean): ChunkedRun => {
    const run = meter.finish({ ...factsOf(source, options, state), complete: isComplete });
    options.onRun?.(run);
    return run;
  };
  try {
    await using engines = new Engines(options);
    state.engines = engines;
    const stream = await engines.chunks(source, options, size, (fraction) => {
      state.fraction = fraction;
      report(options, state);
    });
    state.stream = stream;
    // Beside the chunks: what a stopped run read of it stands in its table, too.
    const prediction = predict(source, options, engines, state);
    prediction.catch(() => undefined);
    await engines.whole(source, options.signal, () => eachChunk(stream, callback, options, combiner, state));
    await prediction;
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
  stream: ChunkStream | undefined;
  engines: Engines | undefined;
}

async function predict(source: FileSource, options: CallbackOptions, engines: Engines, state: Progress): Promise<void> {
  if (options.where === undefined) state.predict = await predictWhole(source, () => engines.duckdb(), options.signal);
}

async function eachChunk(
  { chunks }: ChunkStream,
  callback: ChunkCallback,
  options: CallbackOptions,
  combiner: Combiner,
  state: Progress,
): Promise<void> {
  for await (const chunk of chunks) {
    const info: ChunkInfo = { index: state.chunks, rows: chunk.rows, firstRow: chunk.firstRow };
    combiner.add(await callUser(callback, frameFromColumns(chunk.columns), info));
    state.chunks++;
    state.rows += chunk.rows;
    if (options.signal?.aborted) throw new Interrupted();
    report(options, state);
  }
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

function factsOf(source: FileSource, options: CallbackOptions, state: Progress) {
  const { rows, chunks, fraction, predict, stream, engines } = state;
  return {
    spillPeakBytes: engines?.spillPeak ?? 0,
    source: source.label,
    rows,
    chunks,
    fileBytes: source.bytes,
    engine: stream?.engine ?? "scanner",
    reason: stream?.reason ?? "",
    fraction,
    wholeBytes: predict?.(rows),
    notes: sourceNotes(source, options.dtype),
  };
}

/** What was merged before the stop goes with the error. */
async function attachPartial(failure: Interrupted, combiner: Combiner, run: ChunkedRun): Promise<void> {
  const partial = await combiner.finish();
  Object.defineProperty(failure, "partial", { value: withRun(partial, run), enumerable: false, configurable: true });
}
