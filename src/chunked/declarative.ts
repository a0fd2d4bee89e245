import { MemoryLimitError } from "../errors.ts";
import { type DataFrame, frameFromColumns, loadFrames } from "../frame/frame.ts";
import { aggregatesOf } from "../query/plan.ts";
import { isTableSource } from "../tables/table-source.ts";
import type { Answer } from "./answer.ts";
import { Engines } from "./engines.ts";
import { withMemory } from "./live.ts";
import { nanNotes, sourceNotes } from "./notes.ts";
import type { ChunkedOptions } from "./options.ts";
import { attachRun, type ChunkedRun, RunMeter, withRun } from "./run.ts";
import type { LocalSource } from "./source.ts";
import { type Prediction, predictWhole } from "./whole.ts";

/** Hands the whole query to an engine: no row crosses into JavaScript but those of the result. */
export async function chunkedByEngine(
  source: LocalSource,
  options: ChunkedOptions,
): Promise<DataFrame & { readonly run: ChunkedRun }> {
  await using engines = new Engines(options);
  using meter = new RunMeter(options.signal, () => engines.figures);
  const state: State = { answer: undefined, fraction: undefined, prediction: undefined };
  const finishRun = (isComplete: boolean): ChunkedRun => {
    const { engine = engines.name, reason = "", rows = 0, notes = [], columns = [] } = state.answer ?? {};
    const names = new Set((state.answer ? aggregatesOf(options.agg) : []).map(({ name }) => name));
    const run = meter.finish({
      source: source.label,
      rows,
      where: options.where,
      chunks: 0,
      fileBytes: source.bytes,
      engine,
      reason,
      complete: isComplete,
      fraction: isComplete ? 1 : state.fraction,
      wholeBytes: state.answer && state.prediction?.bytes(rows, state.answer.widened),
      notes: [...sourceNotes(source, options.dtype), ...notes, ...nanNotes(columns, names, source)],
    });
    options.onRun?.(run);
    return run;
  };
  try {
    const onProgress = withMemory(options.onProgress, meter, () => state.prediction);
    const [begun, begin] = moment();
    const [done, finish] = moment();
    const answered = async (): Promise<Answer> => {
      const answer = await engines.aggregate(source, { ...options, onProgress }, (fraction) => {
        begin();
        state.fraction = fraction;
      });
      begin();
      finish();
      return answer;
    };
    // Beside the engine's work, which starts sooner alone.
    const beside = begun.then(async () => {
      loadFrames();
      if (options.where !== undefined) return;
      if (isTableSource(source)) await done;
      if (engines.predict) {
        state.prediction = await engines.predict();
        return;
      }
      const files = await engines.files(source, {}, () => undefined);
      const beside = () => engines.duckdb().then((session) => session.beside());
      state.prediction = await predictWhole(files, beside, options.signal).catch(async (failure: unknown) => {
        if (!(failure instanceof MemoryLimitError)) throw failure;
        // There is room for it when the work is done.
        await done;
        return predictWhole(files, () => engines.duckdb(), options.signal);
      });
    });
    // Nobody else waits for the answer: of a promise for which two wait, an error tells neither's lines.
    const [answer] = await Promise.all([answered(), beside]);
    state.answer = answer;
    return withRun(frameFromColumns(answer.columns), finishRun(true));
  } catch (failure) {
    attachRun(failure, finishRun(false));
    throw failure;
  }
}

/** A promise, and what keeps it. */
function moment(): readonly [promise: Promise<void>, keep: () => void] {
  let keep = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    keep = resolve;
  });
  return [promise, keep];
}

interface State {
  answer: Answer | undefined;
  fraction: number | undefined;
  prediction: Prediction | undefined;
}
