import { Interrupted } from "../../src/errors.ts";
import { heapSizeLimit } from "../../src/memory.ts";
import type { ProgressListener } from "../../src/progress.ts";
import type { AmbientOptions } from "../../src/spark/connect/ambient.ts";
import { createProgress, type ProgressBar } from "../display/progress.ts";
import { heapLimit, processLimit } from "./memory-limit.ts";
import { publish } from "./output.ts";
import { rooms } from "./rooms.ts";
import type { CellRun } from "./run.ts";

const known = new WeakMap<CellRun, AmbientOptions>();

/** What all operations of a cell on a server share: one signal, one tag, one progress output. */
export function operationsOf(run: CellRun | undefined): AmbientOptions | undefined {
  // What runs on after the end of its cell is nobody's to stop or to show; a cell that was stopped starts nothing new.
  if (run === undefined || (run.answered && !run.stopped)) return undefined;
  const before = known.get(run);
  if (before) return before;
  const options: AmbientOptions = {
    signal: run.signal,
    tag: `outgrow-${process.pid}-${run.id}`,
    onProgress: progressOf(run),
    get memory() {
      return { process: processLimit().bytes, heap: heapLimit(heapSizeLimit()) };
    },
  };
  known.set(run, options);
  return options;
}

/** One bar for the cell, under its first operation; the last state of the last operation stays as its quiet line. */
function progressOf(run: CellRun): ProgressListener {
  let bar: ProgressBar | undefined;
  return (event) => {
    if (run.answered) return;
    bar ??= startBar(run);
    bar.onProgress(event);
  };
}

/** A bar that ends with its cell at the latest: code that was unwound has no `finally`. */
export function startBar(run: CellRun): ProgressBar {
  const bar = createProgress({
    render: (state) => rooms().renderProgress(state).data,
    display: (data, { displayId, update }) => {
      if (!run.answered) publish({ type: "display", cell: run.id, data: data, metadata: {}, displayId, update });
    },
  });
  run.atEnd((failure) => {
    if (!failure) bar.end();
    else bar.fail(run.stopped ? new Interrupted() : failure);
  });
  return bar;
}
