import { MessageChannel } from "node:worker_threads";
import { Interrupted } from "../../errors.ts";
import { ScanControl, type ScanProgress } from "./control.ts";
import { takerOf } from "./hand-on.ts";
import type { Outcome } from "./outcome.ts";
import type { ScanAhead } from "./scan-ahead.ts";
import type { ScanPlan } from "./scan-thread.ts";
import type { ScanTask } from "./scan-worker.ts";
import { type PieceThread, pieceThread } from "./thread.ts";
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
  const { signal, unpacking, ahead, onProgress } = options;
  const control = ScanControl.create(options.threads, plan.pieces.length);
  const tasks = tasksOf(plan, control, options);
  const threads = tasks.map(() => ahead?.takeThread() ?? pieceThread());
  const hold = (isHeld: boolean) => {
    for (const thread of threads) thread.hold(isHeld);
  };
  const end = () => {
    control.cancel();
    return Promise.all([unpacking?.stop(), ...threads.map((thread) => thread.end())]);
  };
  const onAbort = () => void end();
  signal?.addEventListener("abort", onAbort, { once: true });
  const timer = onProgress && setInterval(() => onProgress(control.progress), PROGRESS_MS).unref();
  try {
    const outcome = await outcomeOf(threads, tasks, control, options, () => options.onThreads?.({ hold }));
    onProgress?.(control.progress);
    return outcome;
  } finally {
    clearInterval(timer);
    signal?.removeEventListener("abort", onAbort);
    await end();
  }
}

function tasksOf(plan: ScanPlan, control: ScanControl, { threads, unpacking }: ThreadsOptions): readonly ScanTask[] {
  const channels = Array.from({ length: threads }, (_, thread) => (thread === 0 ? undefined : new MessageChannel()));
  return channels.map((channel, thread) => {
    const feed = thread === 0 ? unpacking?.end : undefined;
    const givers = channels.flatMap((from, giver) => (from && takerOf(giver) === thread ? [from.port1] : []));
    return { plan, control: control.buffer, thread, threads, feed, givers, taker: channel?.port2 };
  });
}

function outcomeOf(
  threads: readonly PieceThread[],
  tasks: readonly ScanTask[],
  control: ScanControl,
  { signal, onPart, onProgress, unpacking }: ThreadsOptions,
  onRunning: () => void,
): Promise<Outcome> {
  let onAbort = (): void => undefined;
  const outcome = new Promise<Outcome>((resolve, reject) => {
    let found: Outcome | undefined;
    let parts = 0;
    // A part of another thread may come behind the outcome.
    const look = () => {
      if (found && parts === control.sentChunks) resolve(found);
    };
    const takePart = (value: unknown) => {
      // Who works on parts without a pause never lets a timer fire.
      onProgress?.(control.progress);
      parts++;
      onPart?.(value, () => control.takeChunk());
      look();
    };
    for (const [i, thread] of threads.entries()) {
      const task = tasks[i] as ScanTask;
      const ports = task.taker ? [...task.givers, task.taker] : task.givers;
      thread.run(task, { moved: ports, onPart: takePart }).then((end) => {
        found ??= end;
        look();
      }, reject);
    }
    onRunning();
    onAbort = () => reject(new Interrupted());
    signal?.addEventListener("abort", onAbort, { once: true });
    unpacking?.done.catch(reject);
    onProgress?.(control.progress);
  });
  return outcome.finally(() => signal?.removeEventListener("abort", onAbort));
}
