import { setTimeout as sleep } from "node:timers/promises";
import type { FromSentinel } from "../link/messages.ts";
import type { MainThread } from "./main-thread.ts";
import type { StopReason } from "./shared-state.ts";

/** A cell whose loop still turns answers within this; only one that spins is terminated. */
const FIRST_WAIT_MS = 40;
const BACK_OFF = 1.6;
const LONGEST_WAIT_MS = 1000;

/** What a stopped cell left behind may block the thread this long (clean-up) before it counts as a runaway. */
const RUNAWAY_MS = 500;
/** Leftovers are looked after every so often, less often when they have been quiet for a minute. */
const WATCH_MS = 250;
const QUIET_WATCH_MS = 2000;
const QUIET_AFTER_MS = 60_000;

interface Stop {
  readonly cell: number;
  readonly reason: StopReason;
  readonly at: number;
}

/** Stops the main thread: asks first, terminates when it does not answer, asks again until the request is taken up. */
export class Stopper {
  readonly #main: MainThread;
  readonly #report: (message: FromSentinel) => void;
  readonly #stopping = new Set<number>();
  #latest: Stop | undefined;

  constructor(main: MainThread, report: (message: FromSentinel) => void) {
    this.#main = main;
    this.#report = report;
  }

  /** Settles when the main thread has taken it up. A second request for a cell adds nothing: the first goes on until it is heard. */
  async stop(cell: number, reason: StopReason): Promise<void> {
    if (this.#stopping.has(cell)) return;
    this.#stopping.add(cell);
    await this.#insist(cell, reason);
    this.#stopping.delete(cell);
    const isFirst = this.#latest === undefined;
    this.#latest = { cell, reason, at: performance.now() };
    if (isFirst) void this.#watchLeftovers(this.#latest);
  }

  async #insist(cell: number, reason: StopReason): Promise<void> {
    let wait = reason.why === "memory" ? FIRST_WAIT_MS / 4 : FIRST_WAIT_MS;
    while (!(await this.#main.asksToStop(cell, reason, wait))) {
      await this.#terminate(cell, reason);
      wait = Math.min(wait * BACK_OFF, LONGEST_WAIT_MS);
    }
  }

  /**
   * A stopped cell may wake up later, from a timer or a promise, and loop for ever with nobody to stop it. While no new cell runs (it
   * may block the thread as long as it likes) such a runaway is ended here.
   */
  async #watchLeftovers(first: Stop): Promise<never> {
    for (;;) {
      const { cell, reason, at } = this.#latest ?? first;
      await sleep(performance.now() - at > QUIET_AFTER_MS ? QUIET_WATCH_MS : WATCH_MS);
      if (this.#isExcused(cell) || (await this.#main.turns(RUNAWAY_MS))) continue;
      if (!this.#isExcused(cell)) await this.#terminate(cell, reason);
    }
  }

  /** Another cell than the stopped one runs, or a stop is under way already. */
  #isExcused(stopped: number): boolean {
    const active = this.#main.activeCell;
    return this.#stopping.size > 0 || (active !== undefined && active !== stopped);
  }

  /** Not waited for longer than a moment: a thread in native code cannot answer. */
  async #terminate(cell: number, reason: StopReason): Promise<void> {
    const unwound = this.#main.terminate(cell);
    if (await Promise.race([unwound, sleep(LONGEST_WAIT_MS, false)]))
      this.#report({ type: "terminated", cell, why: reason.why });
  }
}
