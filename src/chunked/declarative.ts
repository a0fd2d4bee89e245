import { aggregate } from "../duckdb/aggregate.ts";
import { describeSource } from "../duckdb/describe.ts";
import { openDuckdb } from "../duckdb/session.ts";
import { Interrupted } from "../errors.ts";
import { type DataFrame, frameFromColumns } from "../frame/frame.ts";
import { planQuery } from "../query/plan.ts";
import { withGzipCheck } from "../source/check-gzip.ts";
import type { FileSource } from "../source/source.ts";
import { lossyNotes } from "./notes.ts";
import { bytesOf, type ChunkedOptions } from "./options.ts";
import { type ChunkedRun, RunMeter, withRun } from "./run.ts";
import { predictWhole } from "./whole.ts";

/** Hands the whole query to the engine: no row crosses into JavaScript but those of the result. */
export async function chunkedByEngine(
  source: FileSource,
  options: ChunkedOptions,
): Promise<DataFrame & { readonly run: ChunkedRun }> {
  using meter = new RunMeter(options.signal);
  let [rows, fraction]: [number, number | undefined] = [0, undefined];
  let whole: ChunkedRun["wholeBytes"];
  const finishRun = (isComplete: boolean): ChunkedRun => {
    const run = meter.finish({
      source: source.label,
      rows,
      chunks: 0,
      fileBytes: source.bytes,
      engine: "DuckDB",
      reason: "keys and aggregates are declared: the engine does the whole, and spills to disk when it must",
      complete: isComplete,
      fraction: isComplete ? 1 : fraction,
      wholeBytes: whole,
      notes: lossyNotes(options.dtype),
    });
    options.onRun?.(run);
    return run;
  };
  try {
    await using session = await openDuckdb({
      memoryLimit: bytesOf(options.memoryLimit),
      threads: options.threads,
      signal: options.signal,
    });
    const described = await describeSource(session, source);
    const plan = planQuery(described, options);
    const work = withGzipCheck(source, options.signal, () =>
      aggregate(session, source, described, plan, {
        onProgress: (event) => {
          fraction = event.fraction;
          options.onProgress?.({ ...event, operation: "chunked" });
        },
      }),
    );
    // Beside the engine's work, and behind it where the engine itself has to read.
    const prediction =
      plan.where === undefined ? predictWhole(source, () => work.then(() => session), options.signal) : undefined;
    const [result, predict] = await Promise.all([work, prediction]);
    rows = result.inputRows;
    whole = predict?.(rows);
    const frame = frameFromColumns(result.columns);
    return withRun(frame, finishRun(true));
  } catch (failure) {
    const run = finishRun(false);
    if (failure instanceof Interrupted)
      Object.defineProperty(failure, "run", { value: run, enumerable: false, configurable: true });
    throw failure;
  }
}
