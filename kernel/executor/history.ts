import type { EarlierCell, HistoryQuestion } from "../link/messages.ts";
import { publish } from "./output.ts";
import type { CellRun } from "./run.ts";

const waiting = new Map<number, (entries: readonly EarlierCell[]) => void>();

/** Asks the supervisor, which keeps the history. Stop ends the question too. */
export function askHistory(run: CellRun, question: HistoryQuestion): Promise<readonly EarlierCell[]> {
  return new Promise((resolve, reject) => {
    const done = run.hold(() => waiting.delete(run.id));
    waiting.set(run.id, (entries) => {
      done();
      resolve(entries);
    });
    run.signal.addEventListener("abort", () => reject(run.signal.reason), { once: true });
    publish({ type: "history-request", cell: run.id, ...question });
  });
}

export function receiveHistory(cell: number, entries: readonly EarlierCell[]): void {
  const answer = waiting.get(cell);
  waiting.delete(cell);
  answer?.(entries);
}
