// A thread of a scan: once it is told its task it reads pieces until there are no more. The first thread also merges what the others found.
import { type MessagePort, parentPort } from "node:worker_threads";
import { ScanControl } from "./control.ts";
import { type PackedFailure, packFailure } from "./failures.ts";
import { type FeedEnd, FeedReader } from "./feed.ts";
import type { Outcome } from "./outcome.ts";
import { runFirst, runHelper, type ScanPlan } from "./scan-thread.ts";
import type { Moved } from "./work.ts";

export interface WorkerTask {
  readonly plan: ScanPlan;
  readonly control: SharedArrayBuffer;
  readonly thread: number;
  readonly threads: number;
  /** Where the bytes come from, where another thread unpacks the files. */
  readonly feed: FeedEnd | undefined;
  /** The first thread's ends of the channels to all others, or another's one end. */
  readonly ports: readonly MessagePort[];
}

export type FromWorker =
  | { readonly type: "loaded" }
  | { readonly type: "outcome"; readonly outcome: Outcome }
  | { readonly type: "part"; readonly value: unknown }
  | { readonly type: "failure"; readonly failure: PackedFailure };

/** Parts that are on their way at a time. */
const MOST_PARTS = 4;

parentPort?.once("message", run);
send({ type: "loaded" });

/** Nothing keeps the thread alive behind it. */
function run({ plan, control: shared, thread, threads, feed: end, ports }: WorkerTask): void {
  const control = new ScanControl(threads, shared);
  const feed = end && new FeedReader(end);
  // While nothing comes there is no block at which to look.
  const leaveIfCancelled = () => control.isCancelled && process.exit();
  const nextFile = feed && (() => feed.nextFile(leaveIfCancelled));
  const context = { control, thread, nextFile, emit: sendParts(control) };
  try {
    if (thread === 0) {
      const judged = runFirst(plan, context, ports);
      if (judged) send({ type: "outcome", outcome: judged.outcome }, judged.buffers);
    } else {
      const { end, buffers } = runHelper(plan, context);
      ports[0]?.postMessage({ end }, [...buffers]);
    }
  } catch (failure) {
    send({ type: "failure", failure: packFailure(failure) });
  } finally {
    control.endThread();
    for (const port of ports) port.close();
  }
}

function send(message: FromWorker, buffers: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, [...buffers]);
}

/** Parts are made no faster than somebody takes them. */
function sendParts(control: ScanControl): (part: Moved, number: number) => void {
  return ({ value, buffers }, number) => {
    if (!control.waitForReader(number, MOST_PARTS)) process.exit();
    control.sendChunk();
    send({ type: "part", value }, buffers);
  };
}
