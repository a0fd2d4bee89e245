import { setTimeout as sleep } from "node:timers/promises";
import type { FromSentinel } from "../link/messages.ts";
import type { MainThread } from "./main-thread.ts";
import { NO_CELL, type StopReason, type TerminateRequest } from "./shared-state.ts";

/** A cell whose loop still turns answers within this; only one that spins is terminated. */
const FIRST_WAIT_MS = 40;
/** For a loop that has not turned for longer than that already. */
const STUCK_WAIT_MS = 4;
const BACK_OFF = 1.6;
const LONGEST_WAIT_MS = 1000;

/** What a stopped cell left behind may block the thread this long before it is unwound too. */
const RUNAWAY_MS = 150;
/** The stopped cell itself, while what listens to its signal ends in order. */
const CLEAN_UP_MS = 500;
/** Leftovers are looked after every so often, less often when they have been quiet for a minute. */
const WATCH_MS = 100;
const QUIET_WATCH_MS = 2000;
const QUIET_AFTER_MS = 60_000;
/** For this long after it Stop of an answered cell is meant for what that begins to spin in. */
const MEANT_MS = 1000;

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
    const isAnswered = this.#main.activeCell !== cell;
    void this.#main.passPauses(true);
    await this.#insist(cell, reason);
    void this.#main.passPauses(false);
    this.#stopping.delete(cell);
    const isFirst = this.#latest === undefined;
    this.#latest = { cell, reason, at: performance.now() };
    if (isFirst) void this.#watchLeftovers(this.#latest);
    if (isAnswered) void this.#watchAnswered(this.#latest);
  }

  async #insist(cell: number, reason: StopReason): Promise<void> {
    const startedAt = performance.now();
    // Memory cannot wait for a module to be whole.
    const insistedMs = () =>
      reason.why === "memory" ? Number.MAX_SAFE_INTEGER : Math.round(performance.now() - startedAt);
    let wait = this.#firstWait(reason);
    while (!(await this.#main.asksToStop(cell, reason, wait))) {
      const active = this.#main.activeCell;
      // A later one runs: this one has been answered.
      if (active !== undefined && active > cell && cell !== NO_CELL) return;
      await this.#terminate({ cell, insistedMs: insistedMs(), onlyLeftovers: undefined }, reason);
      wait = Math.min(wait * BACK_OFF, LONGEST_WAIT_MS);
    }
  }

  #firstWait({ why }: StopReason): number {
    if (this.#main.stuckMs > FIRST_WAIT_MS) return STUCK_WAIT_MS;
    return why === "memory" ? FIRST_WAIT_MS / 4 : FIRST_WAIT_MS;
  }

  /** A stopped cell may wake up later, from a timer or a promise, and loop for ever with nobody to stop it: such a runaway is ended here. */
  async #watchLeftovers(first: Stop): Promise<never> {
    for (;;) {
      const { cell, reason, at } = this.#latest ?? first;
      await sleep(performance.now() - at > QUIET_AFTER_MS ? QUIET_WATCH_MS : WATCH_MS);
      if (this.#main.isPaused) continue;
      const patience = this.#main.activeCell === cell ? CLEAN_UP_MS : RUNAWAY_MS;
      // It may have come to stand in the meantime.
      if ((await this.#main.turns(patience)) || this.#main.isPaused) continue;
      await this.#terminate({ cell, insistedMs: Number.MAX_SAFE_INTEGER, onlyLeftovers: "stopped" }, reason);
    }
  }

  /** Who stops a cell that was answered means what it left behind, which may be about to begin. */
  async #watchAnswered({ cell, reason, at }: Stop): Promise<void> {
    for (let isTurning = true; !isTurning || performance.now() - at < MEANT_MS; ) {
      await sleep(isTurning ? WATCH_MS : 0);
      isTurning = this.#main.isPaused || (await this.#main.turns(RUNAWAY_MS));
      if (isTurning) continue;
      await this.#terminate({ cell, insistedMs: Number.MAX_SAFE_INTEGER, onlyLeftovers: "answered" }, reason);
    }
  }

  /** Not waited for longer than a moment: a thread in native code cannot answer. */
  async #terminate(asked: Omit<TerminateRequest, "sequence" | "isPaused">, { why }: StopReason): Promise<void> {
    const request = { ...asked, isPaused: this.#main.isPaused };
    const unwinding = request.isPaused ? this.#main.endPause(request) : this.#main.terminate(request);
    const cell = await Promise.race([unwinding, sleep(LONGEST_WAIT_MS, undefined)]);
    if (cell !== undefined) this.#report({ type: "terminated", cell, why });
  }
}
