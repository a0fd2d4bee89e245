import type { CellRun } from "./run.ts";

/** Answers that cells wait for, one at a time each. Stop ends the wait too. */
export class Answers<T> {
  readonly #waiting = new Map<number, (answer: T) => void>();

  isAwaited(run: CellRun): boolean {
    return this.#waiting.has(run.id);
  }

  /** The answer to what `ask` sends. */
  to(run: CellRun, ask: () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const done = run.hold(() => this.#waiting.delete(run.id));
      this.#waiting.set(run.id, (answer) => {
        done();
        resolve(answer);
      });
      run.signal.addEventListener("abort", () => reject(run.signal.reason), { once: true });
      ask();
    });
  }

  receive(cell: number, answer: T): void {
    const tell = this.#waiting.get(cell);
    this.#waiting.delete(cell);
    tell?.(answer);
  }
}
