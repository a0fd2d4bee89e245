import { aggregate } from "../duckdb/aggregate.ts";
import { type DescribedSource, describeSource, retypeVoid } from "../duckdb/describe.ts";
import { type DuckdbSession, openDuckdb } from "../duckdb/session.ts";
import { Interrupted, UsageError } from "../errors.ts";
import { type DataFrame, frameFromColumns } from "../frame/frame.ts";
import { planQuery, type QueryPlan } from "../query/plan.ts";
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
    const { described, plan } = await planFor(session, source, options);
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

interface Planned {
  readonly described: DescribedSource;
  readonly plan: QueryPlan;
}

/** A sum over a column without any value is null, not an error: what looks like text may be nothing at all. */
async function planFor(session: DuckdbSession, source: FileSource, options: ChunkedOptions): Promise<Planned> {
  const described = await describeSource(session, source);
  try {
    return { described, plan: planQuery(described, options) };
  } catch (failure) {
    if (!(failure instanceof UsageError) || failure.code !== "E_WRONG_TYPE") throw failure;
    const retyped = await retypeVoid(session, source, described);
    return { described: retyped, plan: planQuery(retyped, options) };
  }
}
