import { aggregate } from "../duckdb/aggregate.ts";
import { type DescribedSource, describeSource, scanColumns } from "../duckdb/describe.ts";
import { selectOf } from "../duckdb/scan.ts";
import { type DuckdbSession, openDuckdb } from "../duckdb/session.ts";
import { DataError, Interrupted } from "../errors.ts";
import { type DataFrame, frameFromColumns } from "../frame/frame.ts";
import { planQuery } from "../query/plan.ts";
import { withGzipCheck } from "../source/check-gzip.ts";
import type { FileSource } from "../source/source.ts";
import { lossyNotes } from "./notes.ts";
import { bytesOf, type ChunkedOptions } from "./options.ts";
import { type ChunkedRun, RunMeter, withRun } from "./run.ts";
import { rowBytes, wholeBytes } from "./whole.ts";

const SAMPLE_ROWS = 1000;

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
    const result = await withGzipCheck(source, options.signal, () =>
      aggregate(session, source, described, plan, {
        onProgress: (event) => {
          fraction = event.fraction;
          options.onProgress?.({ ...event, operation: "chunked" });
        },
      }),
    );
    rows = result.inputRows;
    if (plan.where === undefined) whole = await wholeOf(session, source, described, rows);
    const frame = frameFromColumns(result.columns);
    return withRun(frame, finishRun(true));
  } catch (failure) {
    const run = finishRun(false);
    if (failure instanceof Interrupted)
      Object.defineProperty(failure, "run", { value: run, enumerable: false, configurable: true });
    throw failure;
  }
}

/** Every column as the engine finds it: that is what loading the whole would take. A value that spoils it spoils no result. */
async function wholeOf(
  session: DuckdbSession,
  source: FileSource,
  described: DescribedSource,
  rows: number,
): Promise<ChunkedRun["wholeBytes"]> {
  const columns = scanColumns(
    described,
    described.columns.map(({ name, type }) => ({ name, type: /^u?int/.test(type) ? "float64" : type })),
  );
  try {
    const sample = await session.query(`SELECT * FROM (${selectOf(source, columns)}) LIMIT ${SAMPLE_ROWS}`);
    return wholeBytes(rowBytes(sample), rows);
  } catch (failure) {
    if (failure instanceof DataError) return undefined;
    throw failure;
  }
}
