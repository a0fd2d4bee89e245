import { writeSync } from "node:fs";
import { getHeapStatistics } from "node:v8";
import { Worker } from "node:worker_threads";
import { distFile } from "../../src/paths.ts";
import { DEBUGGING_VARIABLE } from "../link/debug.ts";
import { asHost, forgetUnwound } from "./host-code.ts";
import { mendImmediates } from "./immediates.ts";
import { answerBuffer, SharedAnswer } from "./shared-answer.ts";
import {
  ACKNOWLEDGED,
  ACTIVE,
  ARMED,
  DEBUGGING,
  LEFT,
  NO_CELL,
  type SentinelData,
  type SentinelMessage,
  type SentinelOrder,
  STATE_SLOTS,
  STOPPING,
  type StopReason,
} from "./shared-state.ts";
import { Terminator } from "./terminator.ts";

const LEAVE_MS = 200;
/** Breakpoints that are not set within this must not keep a cell from running. */
const ARM_MS = 5000;

/** The main thread's end of the sentinel: says which cell runs, and acknowledges before it does anything else. */
export class SentinelLink {
  readonly #state = new Int32Array(new SharedArrayBuffer(STATE_SLOTS * Int32Array.BYTES_PER_ELEMENT)).fill(NO_CELL);
  readonly #terminator = new Terminator(this.#state);
  readonly #worker: Worker;
  #onReady = (): void => {};
  /** Before this nothing that it must answer may be waited for without turning the loop: its start needs this thread. */
  readonly #ready = new Promise<void>((resolve) => {
    this.#onReady = resolve;
  });
  readonly #answer: SharedAnswer;

  constructor(onStop: (cell: number, reason: StopReason) => void) {
    if (process.env[DEBUGGING_VARIABLE]) Atomics.store(this.#state, DEBUGGING, 1);
    // It is nobody's business in the cells.
    delete process.env[DEBUGGING_VARIABLE];
    const answer = answerBuffer();
    this.#answer = new SharedAnswer(answer);
    const heapLimit = getHeapStatistics().heap_size_limit;
    const workerData: SentinelData = { state: this.#state, answer, heapLimit };
    this.#worker = new Worker(distFile("kernel/executor/sentinel.js"), { workerData, execArgv: [], name: "sentinel" });
    this.#worker.unref();
    this.#worker.once("error", (error) => {
      // Without it nothing could be stopped: better a new executor than one that can hang.
      writeSync(2, `the sentinel failed: ${error.stack}\n`);
      process.exit(70);
    });
    this.#worker.on("message", (message: SentinelMessage) => {
      if (message.type === "ready") return this.#onReady();
      forgetUnwound();
      asHost(() => {
        Atomics.store(this.#state, ACKNOWLEDGED, message.sequence);
        mendImmediates();
      });
      if (message.type === "stop") onStop(message.cell, message.reason);
    });
  }

  setActive(cell: number | undefined): void {
    Atomics.store(this.#state, ACTIVE, cell ?? NO_CELL);
  }

  /** Whether a person stops this cell, though this thread may not have heard of it yet. */
  isStopping(cell: number): boolean {
    return Atomics.load(this.#state, STOPPING) === cell;
  }

  /** Where a cell's code was when it was unwound; undefined when it was not. */
  stackOf(cell: number): string | undefined {
    return this.#terminator.stackOf(cell);
  }

  /** Blocks this thread until the person at the notebook has answered. */
  waitForAnswer(cell: number, ask: () => void): string {
    return this.#answer.wait(cell, ask);
  }

  get isDebugging(): boolean {
    return Atomics.load(this.#state, DEBUGGING) === 1;
  }

  /** Waits until the breakpoints of a script stand, which is compiled and about to run. */
  async announce(script: string): Promise<void> {
    await this.#ready;
    const before = Atomics.load(this.#state, ARMED);
    this.#worker.postMessage({ type: "script", name: script } satisfies SentinelOrder);
    Atomics.wait(this.#state, ARMED, before, ARM_MS);
  }

  setMemoryLimit(bytes: number): void {
    this.#worker.postMessage({ type: "limit", bytes } satisfies SentinelOrder);
  }

  /** Without this Node waits at the process's end for the inspector's sessions to be closed, and says so on stderr. */
  leave(): void {
    this.#terminator.leave();
    this.#worker.postMessage({ type: "leave" } satisfies SentinelOrder);
    Atomics.wait(this.#state, LEFT, NO_CELL, LEAVE_MS);
  }
}
