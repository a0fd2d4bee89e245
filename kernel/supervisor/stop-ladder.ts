import type { ChildProcess } from "node:child_process";
import { signalChildren } from "./processes.ts";

/** After Stop: SIGINT to the programs that a cell waits for, their end, then that of the executor. The sentinel acts within 80 ms. */
const CHILDREN_AFTER_MS = 300;
/** One that heeds no SIGINT costs itself, and not the variables. */
const KILL_CHILDREN_AFTER_MS = 3000;
const KILL_AFTER_MS = 5000;

interface Rungs {
  /** Whether the process waits until it is heard: that it has stopped may be what waits in its pipe. */
  isHeld(): boolean;
  kill(why: string): void;
}

/** What follows a Stop that a cell does not heed, one step after the other, until it has ended. */
export class StopLadder {
  readonly #rungs: Rungs;
  #cell: number | undefined;
  #timers: NodeJS.Timeout[] = [];

  constructor(rungs: Rungs) {
    this.#rungs = rungs;
  }

  /** Pressing Stop again does not start it anew. */
  climb(cell: number, child: ChildProcess | undefined): void {
    if (this.#cell === cell) return;
    this.end();
    this.#cell = cell;
    this.#after(CHILDREN_AFTER_MS, () => signalChildren(child?.pid, "SIGINT"));
    this.#after(KILL_CHILDREN_AFTER_MS, () => signalChildren(child?.pid, "SIGKILL"));
    this.#after(KILL_AFTER_MS, () => this.#kill());
  }

  /** The cell has ended. */
  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.#cell = undefined;
  }

  #kill(): void {
    if (this.#rungs.isHeld()) this.#after(KILL_AFTER_MS, () => this.#kill());
    else this.#rungs.kill(`it did not stop within ${KILL_AFTER_MS / 1000} s, so it was ended`);
  }

  #after(ms: number, step: () => void): void {
    this.#timers.push(setTimeout(step, ms));
  }
}
