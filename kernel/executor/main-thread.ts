import { Session } from "node:inspector";
import { setTimeout as sleep } from "node:timers/promises";
import type { MessagePort } from "node:worker_threads";
import {
  ACKNOWLEDGED,
  ACTIVE,
  ARMED,
  COLLECT_KEY,
  DEBUGGING,
  LEFT,
  MEMBERS_KEY,
  NO_CELL,
  type SentinelMessage,
  STOPPING,
  type StopReason,
  TERMINATE_KEY,
  type TerminateRequest,
} from "./shared-state.ts";

const LOOK_EVERY_MS = 4;

/** The executor's main thread as the sentinel sees and steers it. */
export class MainThread {
  readonly #session = new Session();
  readonly #port: MessagePort;
  readonly #state: Int32Array;
  #sequence = 0;
  #pinged = 0;
  #pingedAt = 0;
  /** Of the last request to stop. */
  #asked = 0;
  #isAsked = false;
  #calls: Promise<unknown> = Promise.resolve();
  #terminating:
    | { readonly only: TerminateRequest["onlyLeftovers"]; readonly unwound: Promise<number | undefined> }
    | undefined;
  #isPaused = false;

  constructor(port: MessagePort, state: Int32Array) {
    this.#port = port;
    this.#state = state;
    this.#session.connectToMainThread();
    this.#session.on("Debugger.paused", () => {
      this.#isPaused = true;
    });
    this.#session.on("Debugger.resumed", () => {
      this.#isPaused = false;
    });
  }

  /** Whether the thread stands in the debugger. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  get activeCell(): number | undefined {
    const cell = Atomics.load(this.#state, ACTIVE);
    return cell === NO_CELL ? undefined : cell;
  }

  /** Whether the main thread took the request up within the time. */
  async asksToStop(cell: number, reason: StopReason, withinMs: number): Promise<boolean> {
    if (reason.why === "interrupt") Atomics.store(this.#state, STOPPING, cell);
    const sequence = ++this.#sequence;
    this.#asked = sequence;
    this.#port.postMessage({ type: "stop", sequence, cell, reason } satisfies SentinelMessage);
    return this.#hears(sequence, withinMs);
  }

  /** Whether the main thread's event loop turns. */
  async turns(withinMs: number): Promise<boolean> {
    this.feelPulse();
    return this.#hears(this.#pinged, withinMs);
  }

  /** Called now and then while a cell runs, so that it is known already, when somebody presses Stop, whether the loop turns. */
  feelPulse(): void {
    // A thread that spins for an hour must not find an hour of questions after it.
    if (Atomics.load(this.#state, ACKNOWLEDGED) < this.#pinged) return;
    this.#pinged = ++this.#sequence;
    this.#pingedAt = performance.now();
    this.#port.postMessage({ type: "ping", sequence: this.#pinged } satisfies SentinelMessage);
  }

  /** For how long the loop has not turned, at least. */
  get stuckMs(): number {
    return Atomics.load(this.#state, ACKNOWLEDGED) < this.#pinged ? performance.now() - this.#pingedAt : 0;
  }

  /** Unwinds user code that keeps the thread from hearing the last message. Gives the cell it belonged to; undefined when it was spared. */
  async terminate(request: Omit<TerminateRequest, "sequence">): Promise<number | undefined> {
    const only = request.onlyLeftovers;
    for (let asked = this.#terminating; asked; asked = this.#terminating) {
      // One that a thread in native code has not answered yet is the same request.
      if (asked.only === only) return asked.unwound;
      // What another one has ended is on its way out, and would take the next call for its own end.
      if ((await asked.unwound) !== undefined) return undefined;
    }
    const sequence = only ? this.#pinged : this.#asked;
    const unwound = this.#call(TERMINATE_KEY, { ...request, sequence }).then((cell) => {
      this.#terminating = undefined;
      return typeof cell === "number" ? cell : undefined;
    });
    this.#terminating = { only, unwound };
    return unwound;
  }

  /** Ends a pause, and with it the code that stood there; that goes on where it must not be unwound. Gives the cell it belonged to. */
  async endPause(request: Omit<TerminateRequest, "sequence">): Promise<number | undefined> {
    const unwound = await this.terminate(request);
    // Somebody debugs a cell that nobody has stopped.
    if (unwound === undefined && request.onlyLeftovers) return undefined;
    // It may have gone on in the meantime.
    await this.command("Debugger.resume", { terminateOnResume: unwound !== undefined }).catch(() => undefined);
    return unwound;
  }

  /** A cell that is being stopped must not stand still once more. */
  async passPauses(isPassing: boolean): Promise<void> {
    if (Atomics.load(this.#state, DEBUGGING) !== 1) return;
    await this.command("Debugger.setSkipAllPauses", { skip: isPassing }).catch(() => undefined);
  }

  setDebugging(isOn: boolean): void {
    Atomics.store(this.#state, DEBUGGING, isOn ? 1 : 0);
    if (!isOn) this.scriptArmed();
  }

  sentinelReady(): void {
    this.#port.postMessage({ type: "ready" } satisfies SentinelMessage);
  }

  /** Lets the script run that was announced. */
  scriptArmed(): void {
    Atomics.add(this.#state, ARMED, 1);
    Atomics.notify(this.#state, ARMED);
  }

  /** A command of the inspector's own; answered also in the middle of a loop, while nothing native runs. */
  command(method: string, parameters: object): Promise<object> {
    return new Promise((resolve, reject) => {
      this.#session.post(method, parameters, (error: Error | null, result?: object) =>
        error ? reject(error) : resolve(result ?? {}),
      );
    });
  }

  onEvent(listener: (method: string, parameters: object) => void): void {
    this.#session.on("inspectorNotification", ({ method, params }) => listener(method, params ?? {}));
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

  /** The inspector's own command would wait for the end of a loop; a function that is called runs in the middle of it. */
  async collectGarbage(): Promise<void> {
    await this.#call(COLLECT_KEY);
  }

  /** What a value of the session has; undefined while a question before is not answered, as by a thread in native code. */
  async membersOf(path: readonly string[]): Promise<unknown> {
    if (this.#isAsked) return undefined;
    this.#isAsked = true;
    const members = await this.#call(MEMBERS_KEY, path);
    this.#isAsked = false;
    return members;
  }

  leave(): void {
    this.#session.disconnect();
    Atomics.store(this.#state, LEFT, 1);
    Atomics.notify(this.#state, LEFT);
  }

  /** One after the other: a call that follows a termination at once would take it for itself, and the loop would go on. */
  #call(key: string, parameter?: object): Promise<unknown> {
    const expression = `globalThis[Symbol.for(${JSON.stringify(key)})](${parameter ? JSON.stringify(parameter) : ""})`;
    const called = this.#calls.then(() => this.#evaluate(expression));
    this.#calls = called;
    return called;
  }

  async #evaluate(expression: string): Promise<unknown> {
    // With its breaks a step that is under way would end here.
    const parameters = { expression, silent: true, returnByValue: true, disableBreaks: true };
    const answer = await this.command("Runtime.evaluate", parameters).catch(() => undefined);
    return (answer as { readonly result?: { readonly value?: unknown } } | undefined)?.result?.value;
  }

  async #hears(sequence: number, withinMs: number): Promise<boolean> {
    const deadline = performance.now() + withinMs;
    while (Atomics.load(this.#state, ACKNOWLEDGED) < sequence) {
      if (this.#isPaused || performance.now() >= deadline) return false;
      await sleep(LOOK_EVERY_MS);
    }
    return true;
  }
}
