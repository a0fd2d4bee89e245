import { type Transferable, Worker } from "node:worker_threads";
import { distFile } from "../../paths.ts";
import type { FromWorker, WorkerTask } from "./scan-worker.ts";

/** Little of JavaScript lives in a thread, and nothing for long: V8 would give each 16 MB more for what is dead already. */
const RESOURCES = { maxYoungGenerationSizeMb: 2 };

/** A thread that loads its code, says so, and waits for its task. It keeps the process alive only while it is held. */
export class ScanThread<Task = WorkerTask, Message = FromWorker> {
  readonly #worker: Worker;
  readonly #loaded: Promise<void>;
  #isGone = false;

  constructor(script: "scan-worker" | "unpack-worker" = "scan-worker") {
    this.#worker = new Worker(distFile(`src/scan/threads/${script}.cjs`), {
      execArgv: [],
      resourceLimits: RESOURCES,
      name: "scan",
    });
    this.#worker.unref();
    this.#loaded = new Promise((resolve) => {
      this.#worker.once("message", () => resolve());
      // Who gives it a task listens, too; before that it is replaced by another one.
      for (const sign of ["error", "exit"])
        this.#worker.once(sign, () => {
          this.#isGone = true;
          resolve();
        });
    });
  }

  /** It ended before anybody gave it something to do. */
  get isGone(): boolean {
    return this.#isGone;
  }

  run(task: Task, moved: readonly Transferable[]): void {
    this.#worker.postMessage(task, moved);
  }

  onMessage(listener: (message: Message) => void): void {
    this.#worker.on("message", listener);
  }

  onError(listener: (error: unknown) => void): void {
    this.#worker.once("error", listener);
  }

  onExit(listener: () => void): void {
    this.#worker.once("exit", listener);
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
