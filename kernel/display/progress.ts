import { randomUUID } from "node:crypto";
import { Interrupted } from "../../src/errors.ts";
import type { ProgressEvent, ProgressListener } from "../../src/progress.ts";
import type { MimeBundle } from "../link/messages.ts";
import { type PaceOptions, paced } from "./pace.ts";

/** One run's progress. `end` or `fail` must be called once; after that the bar is still. */
export interface ProgressBar {
  readonly onProgress: ProgressListener;
  /**
   * The bar becomes one quiet line, with the report below it. Nothing is shown when nothing was, and then it gives false: quick
   * work leaves no trace.
   */
  end(summary?: string, report?: () => object): boolean;
  /** The bar stays where it stopped, with its report, and says why; the same. */
  fail(error: unknown, report?: () => object): boolean;
}

const TICK_MS = 1000;

/** Where a bar stands, for the writer of its picture. */
export interface ProgressState extends ProgressEvent {
  readonly seconds: number;
  readonly movedSeconds?: number | undefined;
  readonly state: "running" | "done" | "failed" | "stopped";
}

export interface ProgressOptions extends PaceOptions {
  /** Draws one state: `renderProgress` of the renderer. */
  readonly render: (state: ProgressState) => MimeBundle;
  readonly display: (data: MimeBundle, options: { readonly displayId: string; readonly update: boolean }) => void;
}

/**
 * The bar of one run: one output under a display id of its own, after 500 ms, at most four updates a second, always the last state.
 *
 * @example
 * const bar = createProgress({ render, display });
 * await profile("sales.csv", { onProgress: bar.onProgress });
 * bar.end("1,000,000 rows");
 */
export function createProgress({ render, display, ...pace }: ProgressOptions): ProgressBar {
  const displayId = randomUUID();
  const startedAt = performance.now();
  let shown = false;
  let ended = false;
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  const show = (state: ProgressState): void => {
    display(render(state), { displayId, update: shown });
    shown = true;
  };
  let tick: NodeJS.Timeout | undefined;
  const moved: { fraction: number | undefined; seconds: number } = { fraction: undefined, seconds: 0 };
  const draw = (event: ProgressEvent): void => {
    if (event.fraction !== moved.fraction) [moved.fraction, moved.seconds] = [event.fraction, seconds()];
    show({ ...event, seconds: seconds(), movedSeconds: moved.seconds, state: "running" });
    // Work that says nothing for a while is seen to go on by its time.
    clearTimeout(tick);
    tick = setTimeout(() => pacing.offer(event), TICK_MS).unref();
  };
  const pacing = paced(draw, pace);

  const finish = (state: "done" | "failed" | "stopped", note?: string, report?: () => object): boolean => {
    if (ended) return false;
    ended = true;
    clearTimeout(tick);
    const last = pacing.stop();
    if (!pacing.begun || !last) return false;
    const stood: Pick<ProgressEvent, "fraction" | "report"> = state === "done" ? { fraction: 1 } : last;
    show({
      operation: last.operation,
      fraction: stood.fraction,
      note: note ?? last.note,
      report: report ?? stood.report,
      seconds: seconds(),
      state,
    });
    return true;
  };

  return {
    onProgress: (event) => pacing.offer(event),
    end: (summary, report) => finish("done", summary, report),
    fail: (error, report) => finish(error instanceof Interrupted ? "stopped" : "failed", undefined, report),
  };
}

/** Runs work under a bar and closes it in every case. */
export async function withProgress<T>(
  bar: ProgressBar,
  work: (onProgress: ProgressListener) => Promise<T>,
  summaryOf?: (result: T) => string | undefined,
): Promise<T> {
  try {
    const result = await work(bar.onProgress);
    bar.end(summaryOf?.(result));
    return result;
  } catch (error) {
    bar.fail(error);
    throw error;
  }
}
