import { currentRun, inPastCell } from "./current.ts";
import type { CellRun } from "./run.ts";
import { reportStray } from "./stray.ts";

interface Listener<Values extends readonly unknown[]> {
  readonly call: (...values: Values) => unknown;
  /** What it prints and throws is shown in the cell that added it. */
  readonly run: CellRun | undefined;
}

/** Functions of cells that are called long after their cell. */
export class Listeners<Values extends readonly unknown[]> {
  readonly #all = new Set<Listener<Values>>();

  /** Gives the way to take it back. */
  add(call: (...values: Values) => unknown): () => void {
    const listener = { call, run: currentRun() };
    this.#all.add(listener);
    return () => void this.#all.delete(listener);
  }

  /** One that fails must not keep the others. */
  call(...values: Values): void {
    for (const { call, run } of [...this.#all])
      inPastCell(run, () => {
        try {
          call(...values);
        } catch (error) {
          reportStray(error);
        }
      });
  }
}
