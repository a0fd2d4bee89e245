import { AsyncLocalStorage } from "node:async_hooks";
import type { CellRun } from "./run.ts";

const cells = new AsyncLocalStorage<CellRun>();
let latest: CellRun | undefined;

/** Runs work as part of a cell: what it prints, also later from a timer, belongs to that cell. */
export function inCell<T>(run: CellRun, work: () => T): T {
  latest = run;
  return cells.run(run, work);
}

/** Runs what a cell left to be called later; the cell that started last stays the guess. */
export function inPastCell(run: CellRun | undefined, work: () => void): void {
  if (run) cells.run(run, work);
  else work();
}

/** The cell that the running code belongs to; work that lost its origin belongs to the cell that started last. */
export function currentRun(): CellRun | undefined {
  return cells.getStore() ?? latest;
}

/** As `currentRun`, without the guess. */
export function knownRun(): CellRun | undefined {
  return cells.getStore();
}
