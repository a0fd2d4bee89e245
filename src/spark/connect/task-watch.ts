import { setTimeout as wait } from "node:timers/promises";
import type { ExecutePlanResponse } from "#spark-proto/base";

/**
 * Knows from the responses of an operation whether its tasks are at work. Spark hands the stages of a query to other threads, and one that
 * submits its job after the query's own thread was interrupted runs to its end, hours later, and answers to nobody: with tasks at work
 * the job is there, and an interrupt ends it.
 */
export class TaskWatch {
  #isAtWork = false;
  #isOver = false;
  #waiting: (() => void)[] = [];

  /** By the last response: between two stages nothing is at work. */
  get isAtWork(): boolean {
    return this.#isAtWork;
  }

  see({ responseType: { case: kind, value } }: ExecutePlanResponse): void {
    if (kind === "executionProgress") this.#isAtWork = value.numInflightTasks > 0n;
    if (kind === "arrowBatch") this.#isAtWork = true;
    if (this.#isAtWork) this.#wake();
  }

  /** Nobody reads the operation any more. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  /** Until tasks are at work or nobody reads any more, and no longer than this. */
  async atWork(mostMs: number): Promise<void> {
    if (this.#isAtWork || this.#isOver) return;
    const seen = new Promise<void>((resolve) => this.#waiting.push(resolve));
    const late = new AbortController();
    await Promise.race([seen, wait(mostMs, undefined, { signal: late.signal }).catch(() => undefined)]);
    late.abort();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
