import { getHeapStatistics } from "node:v8";
import { Worker } from "node:worker_threads";
import { distFile } from "../paths.ts";
import {
  ACKNOWLEDGED,
  ACTIVE,
  NO_CELL,
  type SentinelData,
  type SentinelMessage,
  type SentinelOrder,
  STATE_SLOTS,
  type StopReason,
} from "./shared-state.ts";

/** The main thread's end of the sentinel: says which cell runs, and acknowledges before it does anything else. */
export class SentinelLink {
  readonly #state = new Int32Array(new SharedArrayBuffer(STATE_SLOTS * Int32Array.BYTES_PER_ELEMENT)).fill(NO_CELL);
  readonly #worker: Worker;

  constructor(onStop: (cell: number, reason: StopReason) => void) {
    const workerData: SentinelData = { state: this.#state, heapLimit: getHeapStatistics().heap_size_limit };
    this.#worker = new Worker(distFile("kernel/executor/sentinel.js"), { workerData, execArgv: [], name: "sentinel" });
    this.#worker.unref();
    this.#worker.on("message", (message: SentinelMessage) => {
      // First of all: a second termination fired at a thread that is back already would hit the kernel's own code.
      Atomics.store(this.#state, ACKNOWLEDGED, message.sequence);
      if (message.type === "stop") onStop(message.cell, message.reason);
    });
  }

  setActive(cell: number | undefined): void {
    Atomics.store(this.#state, ACTIVE, cell ?? NO_CELL);
  }

  /** Without this the process waits at its end for the inspector's session to be closed. */
  leave(): void {
    this.#worker.postMessage({ type: "leave" } satisfies SentinelOrder);
  }
}
