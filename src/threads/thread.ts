import { type ResourceLimits, type Transferable, Worker } from "node:worker_threads";
import { Interrupted, KernelBug } from "../errors.ts";
import { distFile } from "../paths.ts";
import type { Failures, Said } from "./serve.ts";

export interface ThreadOptions<Packed> {
  /** Whose thread it is, as a message would say it. */
  readonly name: string;
  readonly failures: Failures<Packed>;
  readonly limits?: ResourceLimits | undefined;
}

export interface RunOptions<Part> {
  /** What goes to the thread with its task, and is gone here. */
  readonly moved?: readonly Transferable[];
  readonly onPart?: (part: Part) => void;
  /** Aborting it ends the waiting at once; whoever has the thread ends that. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A thread's life: it loads its code, says so, waits for its one task and does it. It keeps the process alive only while it is held, which it is from its
 * task to its end.
 */
export class Thread<Task, Result, Part, Packed> {
  readonly #worker: Worker;
  readonly #options: ThreadOptions<Packed>;
  readonly #loaded: Promise<void>;
  #isGone = false;

  /** `script` is a built file by its path below `dist`. */
  constructor(script: string, options: ThreadOptions<Packed>) {
    const { name, limits } = options;
    this.#options = options;
    this.#worker = new Worker(distFile(script), { execArgv: [], name, ...(limits && { resourceLimits: limits }) });
    this.#worker.unref();
    this.#loaded = new Promise((resolve) => {
      this.#worker.once("message", () => resolve());
      // Who gives it a task is told; before that it is replaced by another one.
      for (const sign of ["error", "exit"])
        this.#worker.once(sign, () => {
          this.#isGone = true;
          resolve();
        });
    });
  }

  /** It has ended. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /**
   * What it makes of its task.
   *
   * @throws {Interrupted} and what it failed with, or what ended it
   */
  run(task: Task, { moved = [], onPart, signal }: RunOptions<Part> = {}): Promise<Result> {
    const { name, failures } = this.#options;
    const worker = this.#worker;
    let onAbort = (): void => undefined;
    const result = new Promise<Result>((resolve, reject) => {
      const endedEarly = () => reject(new KernelBug(`a thread of ${name} ended early`));
      onAbort = () => reject(new Interrupted());
      signal?.addEventListener("abort", onAbort, { once: true });
      worker.on("message", (said: Said<Part, Result, Packed>) => {
        if (said.type === "part") onPart?.(said.value);
        else if (said.type === "done") resolve(said.value);
        else if (said.type === "failure") reject(failures.unpack(said.failure));
      });
      for (const sign of ["error", "messageerror"])
        worker.once(sign, (error) => reject(failures.unpack(failures.pack(error))));
      worker.once("exit", endedEarly);
      this.hold(true);
      if (signal?.aborted) onAbort();
      else if (this.#isGone) endedEarly();
      else worker.postMessage(task, moved);
    });
    return result.finally(() => signal?.removeEventListener("abort", onAbort));
  }

  hold(isHeld: boolean): void {
    if (isHeld) this.#worker.ref();
    else this.#worker.unref();
  }

  /** One that is terminated while Node loads its code would leave the files of the code open. */
  async end(): Promise<void> {
    this.hold(true);
    await this.#loaded;
    await this.#worker.terminate();
  }
}
