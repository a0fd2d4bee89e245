import type { EarlierCell, HistoryQuestion, MimeBundle, SupervisorQuestion } from "../link/messages.ts";
import { Answers } from "./answers.ts";
import { publish } from "./output.ts";
import type { CellRun } from "./run.ts";

const answers = new Answers<unknown>();

/** The supervisor keeps the history. */
export async function askHistory(run: CellRun, question: HistoryQuestion): Promise<readonly EarlierCell[]> {
  return (await ask(run, { about: "history", ...question })) as readonly EarlierCell[];
}

/** The supervisor has the type service: signature and documentation of a name, undefined where there are none. */
export async function askInspection(run: CellRun, code: string): Promise<MimeBundle | undefined> {
  return (await ask(run, { about: "inspection", code })) as MimeBundle | undefined;
}

export function receiveAnswer(cell: number, answer: unknown): void {
  answers.receive(cell, answer);
}

function ask(run: CellRun, question: SupervisorQuestion): Promise<unknown> {
  return answers.to(run, () => publish({ type: "question", cell: run.id, question }));
}
