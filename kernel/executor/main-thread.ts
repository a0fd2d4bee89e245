import { Session } from "node:inspector";
import { setTimeout as sleep } from "node:timers/promises";
import type { MessagePort } from "node:worker_threads";
import { ACKNOWLEDGED, ACTIVE, NO_CELL, type SentinelMessage, type StopReason } from "./shared-state.ts";

const LOOK_EVERY_MS = 4;

/** The executor's main thread as the sentinel sees and steers it. */
export class MainThread {
  readonly #session = new Session();
  readonly #port: MessagePort;
  readonly #state: Int32Array;
  #sequence = 0;

  constructor(port: MessagePort, state: Int32Array) {
    this.#port = port;
    this.#state = state;
    this.#session.connectToMainThread();
  }

  get activeCell(): number | undefined {
    const cell = Atomics.load(this.#state, ACTIVE);
    return cell === NO_CELL ? undefined : cell;
  }

  /** Whether the main thread took the request up within the time. */
  async asksToStop(cell: number, reason: StopReason, withinMs: number): Promise<boolean> {
    return this.#answers({ type: "stop", sequence: ++this.#sequence, cell, reason }, withinMs);
  }

  /** Whether the main thread's event loop turns. */
  async turns(withinMs: number): Promise<boolean> {
    return this.#answers({ type: "ping", sequence: ++this.#sequence }, withinMs);
  }

  /** Unwinds whatever JavaScript runs on the main thread; no `catch` or `finally` of it runs. */
  terminate(): void {
    this.#session.post("Runtime.terminateExecution");
  }

  /** Bytes of the V8 heap in use; answered also in the middle of a loop. */
  heapUsed(): Promise<number> {
    return new Promise((resolve, reject) => {
      // Absent from the types of Node 20, whose inspector has it.
      this.#session.post("Runtime.getHeapUsage", {}, (error: Error | null, usage?: { readonly usedSize?: number }) =>
        error ? reject(error) : resolve(usage?.usedSize ?? 0),
      );
    });
  }

  collectGarbage(): Promise<void> {
    return new Promise((resolve) => this.#session.post("HeapProfiler.collectGarbage", () => resolve()));
  }

  leave(): void {
    this.#session.disconnect();
  }

  async #answers(message: SentinelMessage, withinMs: number): Promise<boolean> {
    this.#port.postMessage(message);
    const deadline = performance.now() + withinMs;
    while (Atomics.load(this.#state, ACKNOWLEDGED) < message.sequence) {
      if (performance.now() >= deadline) return false;
      await sleep(LOOK_EVERY_MS);
    }
    return true;
  }
}
