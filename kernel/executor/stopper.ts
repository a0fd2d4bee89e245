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

/** Stops the main thread: asks first, terminates when it does not answer, asks again until the request is taken up. */
export class Stopper {
  readonly #main: MainThread;
  readonly #report: (message: FromSentinel) => void;
  #stopping = false;
  #watching = false;
  #last: { readonly cell: number; readonly reason: StopReason; at: number } | undefined;

  constructor(main: MainThread, report: (message: FromSentinel) => void) {
    this.#main = main;
    this.#report = report;
  }

  /** A second request while one is under way adds nothing: that one goes on until it is heard. */
  stop(cell: number, reason: StopReason): void {
    if (this.#stopping) return;
    this.#stopping = true;
    void this.#insist(cell, reason).finally(() => {
      this.#stopping = false;
      this.#last = { cell, reason, at: performance.now() };
      if (!this.#watching) void this.#watchLeftovers(this.#last);
    });
  }

  get busy(): boolean {
    return this.#stopping;
  }

  async #insist(cell: number, reason: StopReason): Promise<void> {
    let wait = reason.why === "memory" ? FIRST_WAIT_MS / 4 : FIRST_WAIT_MS;
    // The request is sent anew after every termination: the one before may have been unwound with the loop.
    while (!(await this.#main.asksToStop(cell, reason, wait))) {
      this.#terminate(cell, reason);
      wait = Math.min(wait * BACK_OFF, LONGEST_WAIT_MS);
    }
  }

  /**
   * A stopped cell may wake up later, from a timer or a promise, and loop for ever with nobody to stop it. While no new cell runs (it
   * may block the thread as long as it likes) such a runaway is ended here.
   */
  async #watchLeftovers(first: { readonly cell: number; readonly reason: StopReason; at: number }): Promise<never> {
    this.#watching = true;
    for (;;) {
      const last = this.#last ?? first;
      await sleep(performance.now() - last.at > QUIET_AFTER_MS ? QUIET_WATCH_MS : WATCH_MS);
      if (this.#mayBlock(last.cell) || (await this.#main.turns(RUNAWAY_MS)) || this.#mayBlock(last.cell)) continue;
      this.#terminate(last.cell, last.reason);
    }
  }

  /** Another cell than the stopped one runs, or a stop is under way already. */
  #mayBlock(stopped: number): boolean {
    const active = this.#main.activeCell;
    return this.#stopping || (active !== undefined && active !== stopped);
  }

  #terminate(cell: number, reason: StopReason): void {
    this.#main.terminate();
    this.#report({ type: "terminated", cell, why: reason.why });
  }
}
