import type { ChunkedOptions } from "../options.ts";
import { attachRun, type ChunkedRun, RunMeter, withRun } from "../run.ts";

/** What a run on Spark works on, and why it is there. */
interface Work {
  readonly label: string;
  readonly fileBytes: number;
  readonly reason: string;
}

/** Work on Spark as a run with its facts, also where it fails. */
export async function runOnSpark<T extends object>(
  { label, fileBytes, reason }: Work,
  options: ChunkedOptions,
  work: () => Promise<{ readonly value: T; readonly rows: number }>,
): Promise<T & { readonly run: ChunkedRun }> {
  using meter = new RunMeter(options.signal);
  const finish = (rows: number | undefined): ChunkedRun => {
    const run = meter.finish({
      source: label,
      rows: rows ?? 0,
      where: options.where,
      chunks: 0,
      fileBytes,
      engine: "Spark",
      reason,
      complete: rows !== undefined,
      fraction: rows === undefined ? undefined : 1,
      wholeBytes: undefined,
      notes: [],
    });
    options.onRun?.(run);
    return run;
  };
  try {
    const { value, rows } = await work();
    return withRun(value, finish(rows));
  } catch (failure) {
    attachRun(failure, finish(undefined));
    throw failure;
  }
}
