import { UsageError } from "../../src/errors.ts";
import { currentRun } from "./current.ts";
import { publish } from "./output.ts";
import type { CellRun } from "./run.ts";

const waiting = new Map<number, (value: string) => void>();

/** Asks the person at the notebook for a line of text. Stop ends the question too. */
export function input(prompt = "", options: { readonly password?: boolean | undefined } = {}): Promise<string> {
  const run = currentRun();
  const refusal = refuseInput(run);
  if (refusal || !run) return Promise.reject(refusal);
  if (waiting.has(run.id)) {
    return Promise.reject(
      new UsageError("E_INPUT_TWICE", "this cell asks already", { hint: "await the first input() before the next" }),
    );
  }
  return new Promise((resolve, reject) => {
    const done = run.hold(() => waiting.delete(run.id));
    waiting.set(run.id, (value) => {
      done();
      resolve(value);
    });
    run.signal.addEventListener("abort", () => reject(run.signal.reason), { once: true });
    publish({ type: "input-request", cell: run.id, prompt: String(prompt), password: options.password === true });
  });
}

/** Why a cell cannot ask. */
export function refuseInput(run: CellRun | undefined): UsageError | undefined {
  if (run?.request.allowStdin && !run.answered) return undefined;
  const why = run?.answered ? "the cell has ended" : "this front end takes no input";
  return new UsageError("E_NO_STDIN", `nobody can be asked: ${why}`, { hint: "assign the value in the cell instead" });
}

export function receiveInput(cell: number, value: string): void {
  const answer = waiting.get(cell);
  waiting.delete(cell);
  answer?.(value);
}
