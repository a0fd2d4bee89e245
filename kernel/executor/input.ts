import { UsageError } from "../../src/errors.ts";
import { Answers } from "./answers.ts";
import { currentRun } from "./current.ts";
import { publish } from "./output.ts";
import type { CellRun } from "./run.ts";

const lines = new Answers<string>();

/** Asks the person at the notebook for a line of text. Stop ends the question too. */
export function input(prompt = "", options: { readonly password?: boolean | undefined } = {}): Promise<string> {
  const run = currentRun();
  const refusal = refuseInput(run);
  if (refusal || !run) return Promise.reject(refusal);
  if (lines.isAwaited(run)) {
    return Promise.reject(
      new UsageError("E_INPUT_TWICE", "this cell asks already", { hint: "await the first input() before the next" }),
    );
  }
  return lines.to(run, () =>
    publish({ type: "input-request", cell: run.id, prompt: String(prompt), password: options.password === true }),
  );
}

/** Why a cell cannot ask. */
export function refuseInput(run: CellRun | undefined): UsageError | undefined {
  if (run?.request.allowStdin && !run.answered) return undefined;
  const why = run?.answered ? "the cell has ended" : "this front end takes no input";
  return new UsageError("E_NO_STDIN", `nobody can be asked: ${why}`, { hint: "assign the value in the cell instead" });
}

export function receiveInput(cell: number, value: string): void {
  lines.receive(cell, value);
}
