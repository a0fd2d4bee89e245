import type { EarlierCell, HistoryQuestion, MimeBundle, SupervisorQuestion } from "../link/messages.ts";
import { publish } from "./output.ts";
import type { CellRun } from "./run.ts";

const waiting = new Map<number, (answer: unknown) => void>();

/** The supervisor keeps the history. */
export async function askHistory(run: CellRun, question: HistoryQuestion): Promise<readonly EarlierCell[]> {
  return (await ask(run, { about: "history", ...question })) as readonly EarlierCell[];
}

/** The supervisor has the type service: signature and documentation of a name, undefined where there are none. */
export async function askInspection(run: CellRun, code: string): Promise<MimeBundle | undefined> {
  return (await ask(run, { about: "inspection", code })) as MimeBundle | undefined;
}

export function receiveAnswer(cell: number, answer: unknown): void {
  const tell = waiting.get(cell);
  waiting.delete(cell);
  tell?.(answer);
}

/** Stop ends the question too. */
function ask(run: CellRun, question: SupervisorQuestion): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = run.hold(() => waiting.delete(run.id));
    waiting.set(run.id, (answer) => {
      done();
      resolve(answer);
    });
    run.signal.addEventListener("abort", () => reject(run.signal.reason), { once: true });
    publish({ type: "question", cell: run.id, question });
  });
}
