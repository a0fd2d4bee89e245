import { setTimeout as wait } from "node:timers/promises";
import type { ExecutePlanResponse } from "#spark-proto/base";
import { unfinishedStages } from "./progress.ts";

/** Where stages are shorter than the time between two reports no two are alike; what such a one leaves behind is as short. */
const UNLIKE_MS = 1500;

/**
 * Knows from the responses of an operation whether an interrupt takes everything with it. Spark hands the stages of a query to other
 * threads, and one that submits its job after the query's own thread was interrupted runs to its end, hours later, and answers to nobody.
 * So the right moment is in the middle of a stage: the server reports the same unfinished stages twice.
 */
export class TaskWatch {
  #stages = "";
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
    if (stages !== "") for (const tell of [...this.#waiting]) tell(stages === this.#stages);
    this.#stages = stages;
  }

  /** Whoever waits need not any longer. */
  wake(): void {
    for (const tell of [...this.#waiting]) tell(true);
  }

  /** Until an interrupt would leave nothing behind, by a report that is still to come, and no longer than this. */
  async atWork(mostMs: number): Promise<void> {
    if (this.#sendsRows) return;
    const since = performance.now();
    const late = new AbortController();
    const seen = new Promise<void>((resolve) => {
      const tell = (isSteady: boolean) => {
        if (!isSteady && performance.now() - since < UNLIKE_MS) return;
        this.#waiting.delete(tell);
        resolve();
      };
      this.#waiting.add(tell);
    });
    await Promise.race([seen, wait(mostMs, undefined, { signal: late.signal, ref: false }).catch(() => undefined)]);
    late.abort();
  }
}
