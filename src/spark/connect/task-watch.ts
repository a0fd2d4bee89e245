import { setTimeout as wait } from "node:timers/promises";
import type { ExecutePlanResponse } from "#spark-proto/base";
import { unfinishedStages } from "./progress.ts";

/** Two reports come in this time, when there is news: without any the stages are as they were, and where all are unlike, each is short. */
const NEWS_MS = 1000;
/** Spark sends many reports twice at once: two that tell something about the time between them lie further apart. */
const APART_MS = 150;

/**
 * Knows from the responses of an operation whether an interrupt takes everything with it. Spark hands the stages of a query to other
 * threads, and one that submits its job after the query's own thread was interrupted runs to its end, hours later, and answers to nobody.
 * So the right moment is in the middle of a stage: the server reports the same unfinished stages twice.
 */
export class TaskWatch {
  #stages = "";
  #since = 0;
  #sendsRows = false;
  readonly #waiting = new Set<(isSteady: boolean) => void>();

  see({ responseType: { case: kind, value } }: ExecutePlanResponse): void {
    if (kind === "arrowBatch") {
      // Rows come from the last stage.
      this.#sendsRows = true;
      this.wake();
    }
    if (kind !== "executionProgress") return;
    const stages = unfinishedStages(value).join();
    if (stages !== this.#stages) this.#since = performance.now();
    this.#stages = stages;
    const isSteady = performance.now() - this.#since >= APART_MS;
    if (stages !== "") for (const tell of [...this.#waiting]) tell(isSteady);
  }

  /** Whoever waits need not any longer. */
  wake(): void {
    for (const tell of [...this.#waiting]) tell(true);
  }

  /** Until an interrupt would leave nothing behind, and no longer than this. */
  async atWork(mostMs: number): Promise<void> {
    if (this.#sendsRows) return;
    const over = new AbortController();
    const after = (ms: number, then: () => void) =>
      void wait(ms, undefined, { signal: over.signal, ref: false }).then(then, () => undefined);
    await new Promise<void>((resolve) => {
      let isOld = false;
      const tell = (isSteady: boolean) => {
        if (!isSteady && !isOld) return;
        this.#waiting.delete(tell);
        over.abort();
        resolve();
      };
      this.#waiting.add(tell);
      after(NEWS_MS, () => {
        isOld = true;
        if (this.#stages !== "") tell(true);
      });
      after(mostMs, () => tell(true));
    });
  }
}
