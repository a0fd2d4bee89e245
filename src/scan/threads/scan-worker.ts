// A thread of a scan: once it is told its task it reads pieces until there are no more. The first thread also merges what the others found.
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
  /** The first thread's ends of the channels to all others, or another's one end. */
  readonly ports: readonly MessagePort[];
}

/** Parts that are on their way at a time. */
const MOST_PARTS = 4;
const NOTHING = { value: undefined, buffers: [] };

serve(run, { pack: packFailure });

/** The outcome, from the first thread of a scan that is wanted. */
function run(
  { plan, control: shared, thread, threads, feed: end, ports }: ScanTask,
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
      const judged = runFirst(plan, context, ports);
      return judged ? { value: judged.outcome, buffers: judged.buffers } : NOTHING;
    }
    runHelper(plan, context, ({ value, buffers }) => {
      ports[0]?.postMessage(value, [...buffers]);
      control.say();
    });
    return NOTHING;
  } finally {
    control.endThread();
    for (const port of ports) port.close();
  }
}
