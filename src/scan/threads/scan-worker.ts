// A thread of a scan: once it is told its task it reads pieces until there are no more. It takes what other threads hand on, and hands all on itself.
import type { MessagePort } from "node:worker_threads";
import { type Moved, serve } from "../../threads/serve.ts";
import { ScanControl } from "./control.ts";
import { packFailure } from "./failures.ts";
import { type FeedEnd, FeedReader } from "./feed.ts";
import type { Outcome } from "./outcome.ts";
import { runFirst, runHelper, type ScanPlan } from "./scan-thread.ts";

export interface ScanTask {
  readonly plan: ScanPlan;
  readonly control: SharedArrayBuffer;
  readonly thread: number;
  readonly threads: number;
  /** Where the bytes come from, where another thread unpacks the files. */
  readonly feed: FeedEnd | undefined;
  /** From those that hand on to it. */
  readonly givers: readonly MessagePort[];
  /** To the thread to which it hands on; undefined for the first. */
  readonly taker: MessagePort | undefined;
}

/** Parts that are on their way at a time. */
const MOST_PARTS = 4;
const NOTHING = { value: undefined, buffers: [] };

serve(run, { pack: packFailure });

/** The outcome, from the first thread of a scan that is wanted. */
function run(
  { plan, control: shared, thread, threads, feed: end, givers, taker }: ScanTask,
  sendPart: (part: Moved) => void,
): Moved<Outcome | undefined> {
  const control = new ScanControl(threads, shared);
  const feed = end && new FeedReader(end);
  // While nothing comes there is no block at which to look.
  const leaveIfCancelled = () => control.isCancelled && process.exit();
  const nextFile = feed && (() => feed.nextFile(leaveIfCancelled));
  // Parts are made no faster than somebody takes them.
  const emit = (part: Moved, number: number) => {
    if (!control.waitForReader(number, MOST_PARTS)) process.exit();
    control.sendChunk();
    sendPart(part);
  };
  const context = { control, thread, nextFile, emit };
  try {
    if (thread === 0) {
      const judged = runFirst(plan, context, givers);
      return judged ? { value: judged.outcome, buffers: judged.buffers } : NOTHING;
    }
    runHelper(plan, context, givers, ({ value, buffers }) => {
      taker?.postMessage(value, [...buffers]);
      control.say();
    });
    return NOTHING;
  } finally {
    for (const port of [taker, ...givers]) port?.close();
  }
}
