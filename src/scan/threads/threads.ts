import { MessageChannel, type MessagePort } from "node:worker_threads";
import { Interrupted, KernelBug } from "../../errors.ts";
import { ScanControl, type ScanProgress } from "./control.ts";
import { failureOfThread, unpackFailure } from "./failures.ts";
import type { Outcome } from "./outcome.ts";
import type { ScanAhead } from "./scan-ahead.ts";
import type { ScanPlan } from "./scan-thread.ts";
import type { FromWorker } from "./scan-worker.ts";
import { ScanThread } from "./thread.ts";
import type { Unpacking } from "./unpack.ts";

export interface ThreadsOptions {
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((figures: ScanProgress) => void) | undefined;
  /** Takes a part of the result that comes before the end; it calls `taken` when another may come. */
  readonly onPart?: ((value: unknown, taken: () => void) => void) | undefined;
  /** Told once the threads run. While they are not held they do not keep the process alive. */
  readonly onThreads?: ((threads: HeldThreads) => void) | undefined;
  /** Of what the first thread reads. */
  readonly unpacking?: Unpacking | undefined;
  /** Has threads that are on their way. */
  readonly ahead?: ScanAhead | undefined;
}

export interface HeldThreads {
  hold(isHeld: boolean): void;
}

const PROGRESS_MS = 100;

/**
 * Runs one scan in threads. Whatever happens, none of them outlives it: an abort ends them, also when the code that
 * waits for the scan was terminated and its `finally` never runs.
 */
export async function runThreads(plan: ScanPlan, options: ThreadsOptions): Promise<Outcome> {
  const { signal, unpacking } = options;
  const control = ScanControl.create(options.threads, plan.pieces.length);
  const threads = startThreads(plan, control, options);
  const hold = (isHeld: boolean) => {
    for (const thread of threads) thread.hold(isHeld);
  };
  const end = () => {
    control.cancel();
    return Promise.all([unpacking?.stop(), ...threads.map((thread) => thread.end())]);
  };
  options.onThreads?.({ hold });
  const onAbort = () => void end();
  signal?.addEventListener("abort", onAbort, { once: true });
  const { onProgress } = options;
  const timer = onProgress && setInterval(() => onProgress(control.progress), PROGRESS_MS).unref();
  try {
    const outcome = await finished(threads, control, options);
    onProgress?.(control.progress);
    return outcome;
  } finally {
    clearInterval(timer);
    signal?.removeEventListener("abort", onAbort);
    await end();
  }
}

function startThreads(
  plan: ScanPlan,
  control: ScanControl,
  { threads: count, unpacking, ahead }: ThreadsOptions,
): readonly ScanThread[] {
  const channels = Array.from({ length: count - 1 }, () => new MessageChannel());
  const start = (thread: number, ports: readonly MessagePort[]) => {
    const feed = thread === 0 ? unpacking?.end : undefined;
    const task = { plan, control: control.buffer, thread, threads: count, feed, ports };
    const started = ahead?.takeThread() ?? new ScanThread();
    started.hold(true);
    started.run(task, ports);
    return started;
  };
  const first = start(
    0,
    channels.map(({ port1 }) => port1),
  );
  return [first, ...channels.map(({ port2 }, i) => start(i + 1, [port2]))];
}

function finished(
  threads: readonly ScanThread[],
  control: ScanControl,
  { signal, onPart, onProgress, unpacking }: ThreadsOptions,
): Promise<Outcome> {
  let onAbort = (): void => undefined;
  const outcome = new Promise<Outcome>((resolve, reject) => {
    let found: Outcome | undefined;
    let parts = 0;
    const onMessage = (message: FromWorker) => {
      if (message.type === "outcome") found = message.outcome;
      else if (message.type === "failure") reject(unpackFailure(message.failure));
      else if (message.type === "part") {
        // Who works on parts without a pause never lets a timer fire.
        onProgress?.(control.progress);
        parts++;
        onPart?.(message.value, () => control.takeChunk());
      }
      // A part of another thread may come behind the outcome.
      if (found && parts === control.sentChunks) resolve(found);
    };
    for (const thread of threads) {
      thread.onMessage(onMessage);
      thread.onError((error) => reject(failureOfThread(error)));
    }
    threads[0]?.onExit(() => {
      if (!found) reject(new KernelBug("a thread of the scan ended early"));
    });
    onAbort = () => reject(new Interrupted());
    signal?.addEventListener("abort", onAbort, { once: true });
    unpacking?.done.catch(reject);
    onProgress?.(control.progress);
  });
  return outcome.finally(() => signal?.removeEventListener("abort", onAbort));
}
