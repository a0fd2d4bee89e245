import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { Interrupted, KernelBug } from "../../errors.ts";
import { distFile } from "../../paths.ts";
import { ScanControl, type ScanProgress } from "./control.ts";
import { isOutOfMemory, outOfMemory, packFailure, unpackFailure } from "./failures.ts";
import type { Feed } from "./feed.ts";
import type { Outcome } from "./outcome.ts";
import type { ScanPlan } from "./scan-thread.ts";
import type { FromWorker, WorkerTask } from "./scan-worker.ts";

export interface ThreadsOptions {
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((figures: ScanProgress) => void) | undefined;
  /** Takes a part of the result that comes before the end; it calls `taken` when another may come. */
  readonly onPart?: ((value: unknown, taken: () => void) => void) | undefined;
  /** Told once the threads run. While they are not held they do not keep the process alive. */
  readonly onThreads?: ((threads: HeldThreads) => void) | undefined;
  /** Fills the ring that the threads read, and ends when all is in it. */
  readonly feeding?: Feeding | undefined;
}

export interface Feeding {
  readonly feed: Feed;
  /** Starts to fill; a rejection ends the scan. */
  start(): Promise<void>;
  /** The reader has made room. */
  onRoom(): void;
  stop(): void;
}

export interface HeldThreads {
  hold(isHeld: boolean): void;
}

const PROGRESS_MS = 100;
/** Little of JavaScript lives in a thread, and nothing for long: V8 would give each 16 MB more for what is dead already. */
const RESOURCES = { maxYoungGenerationSizeMb: 2 };

/**
 * Runs one scan in threads. Whatever happens, none of them outlives it: an abort ends them, also when the code that
 * waits for the scan was terminated and its `finally` never runs.
 */
export async function runThreads(plan: ScanPlan, options: ThreadsOptions): Promise<Outcome> {
  const { threads, signal, feeding } = options;
  if (signal?.aborted) throw new Interrupted();
  const control = ScanControl.create(threads, plan.pieces.length);
  const workers = startWorkers(plan, control, threads, feeding);
  const loaded = workers.map(hasLoaded);
  const hold = (isHeld: boolean) => {
    for (const worker of workers) {
      if (isHeld) worker.ref();
      else worker.unref();
    }
  };
  const end = () => {
    hold(true);
    control.cancel();
    feeding?.stop();
    return Promise.all(workers.map((worker, i) => loaded[i]?.then(() => worker.terminate())));
  };
  options.onThreads?.({ hold });
  const onAbort = () => void end();
  signal?.addEventListener("abort", onAbort, { once: true });
  const { onProgress } = options;
  const timer = onProgress && setInterval(() => onProgress(control.progress), PROGRESS_MS).unref();
  try {
    const outcome = await finished(workers, control, options);
    onProgress?.(control.progress);
    return outcome;
  } finally {
    clearInterval(timer);
    signal?.removeEventListener("abort", onAbort);
    await end();
  }
}

function startWorkers(
  plan: ScanPlan,
  control: ScanControl,
  threads: number,
  feeding: Feeding | undefined,
): readonly Worker[] {
  const channels = Array.from({ length: threads - 1 }, () => new MessageChannel());
  const start = (thread: number, ports: readonly MessagePort[]) => {
    const task: WorkerTask = { plan, control: control.buffer, thread, threads, feed: feeding?.feed.buffer, ports };
    const file = distFile("src/scan/threads/scan-worker.js");
    const options = { workerData: task, transferList: [...ports], execArgv: [], resourceLimits: RESOURCES };
    return new Worker(file, { ...options, name: "scan" });
  };
  const first = start(
    0,
    channels.map(({ port1 }) => port1),
  );
  return [first, ...channels.map(({ port2 }, i) => start(i + 1, [port2]))];
}

/** A thread that is terminated while Node loads its code would leave the files of the code open. What it says first says that it is loaded. */
function hasLoaded(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    for (const sign of ["message", "error", "exit"]) worker.once(sign, () => resolve());
  });
}

function finished(
  workers: readonly Worker[],
  control: ScanControl,
  { signal, onPart, onProgress, feeding }: ThreadsOptions,
): Promise<Outcome> {
  let onAbort = (): void => undefined;
  const outcome = new Promise<Outcome>((resolve, reject) => {
    let found: Outcome | undefined;
    let parts = 0;
    const onMessage = (message: FromWorker) => {
      if (message.type === "outcome") found = message.outcome;
      else if (message.type === "failure") reject(unpackFailure(message.failure));
      else if (message.type === "room") feeding?.onRoom();
      else if (message.type === "part") {
        // Who works on parts without a pause never lets a timer fire.
        onProgress?.(control.progress);
        parts++;
        onPart?.(message.value, () => control.takeChunk());
      }
      // A part of another thread may come behind the outcome.
      if (found && parts === control.sentChunks) resolve(found);
    };
    for (const worker of workers) {
      worker.on("message", onMessage);
      worker.once("error", (error) => reject(isOutOfMemory(error) ? outOfMemory() : unpackFailure(packFailure(error))));
      worker.once("exit", () => worker === workers[0] && reject(new KernelBug("a thread of the scan ended early")));
    }
    onAbort = () => reject(new Interrupted());
    signal?.addEventListener("abort", onAbort, { once: true });
    feeding?.start().catch(reject);
  });
  return outcome.finally(() => signal?.removeEventListener("abort", onAbort));
}
