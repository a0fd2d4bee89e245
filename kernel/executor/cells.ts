import { inCell } from "./current.ts";
import { evaluateCell, type Outcome } from "./evaluate.ts";
import { toFailure } from "./failure.ts";
import { asHost } from "./host-code.ts";
import type { Importer } from "./imports.ts";
import { largestVariables } from "./memory.ts";
import { publish, resetSchedule } from "./output.ts";
import { loadRooms } from "./rooms.ts";
import { CellRun, type RunRequest, stopError } from "./run.ts";
import type { SentinelLink } from "./sentinel-link.ts";
import type { Session } from "./session.ts";
import type { StopReason } from "./shared-state.ts";
import { reportStray } from "./stray.ts";
import { afterRejections, hasUntoldRejection } from "./untold-rejections.ts";

/** What listens to the cell's signal (a query, a download) has this long to end in order before the cell is answered without it. */
const GRACE_MS = 1500;
/** The same where the cell's code was unwound: nobody is there to hear that they have ended. */
const UNWOUND_GRACE_MS = 100;

/** The cells in the order they came, one at a time. Every cell is answered exactly once, whatever its code does. */
export class Cells {
  readonly #session: Session;
  readonly #importer: Importer;
  readonly #sentinel: Pick<SentinelLink, "setActive" | "isStopping" | "stackOf">;
  readonly #waiting: CellRun[] = [];
  /** Stopped before they came: the sentinel's pipe can be faster than the link. */
  readonly #neverStart = new Map<number, StopReason>();
  #active: CellRun | undefined;
  #latest = -1;
  #names = "";

  constructor(
    session: Session,
    importer: Importer,
    sentinel: Pick<SentinelLink, "setActive" | "isStopping" | "stackOf">,
  ) {
    this.#session = session;
    this.#importer = importer;
    this.#sentinel = sentinel;
  }

  add(request: RunRequest): void {
    this.#latest = request.cell;
    this.#waiting.push(new CellRun(request));
    this.#next();
  }

  /** Safe to call again and again for the same cell, and for cells that are answered already. */
  stop(cell: number, reason: StopReason): void {
    const run = this.#active?.id === cell ? this.#active : this.#waiting.find(({ id }) => id === cell);
    if (run === undefined) {
      if (cell > this.#latest) this.#neverStart.set(cell, reason);
      return;
    }
    const heard = run.markStopped(reason);
    const answer = () => this.#answer(run, this.#stopped(run));
    const isRunning = run === this.#active;
    // Set before anything of the user's hears of the stop: a listener that never returns is terminated, and nothing after it runs.
    const isGone = this.#sentinel.stackOf(cell) !== undefined && !run.isCalled;
    const grace = isGone ? UNWOUND_GRACE_MS : GRACE_MS;
    if (isRunning) run.grace ??= setTimeout(answer, run.started && heard ? grace : 0);
    run.abort();
    if (isRunning && !(run.started && heard)) answer();
  }

  #next(): void {
    if (this.#active !== undefined) return;
    const run = this.#waiting.shift();
    if (run === undefined) return;
    this.#active = run;
    resetSchedule();
    this.#sentinel.setActive(run.id);
    const early = this.#neverStart.get(run.id);
    this.#neverStart.clear();
    if (early) run.markStopped(early);
    if (run.stopped) this.#answer(run, this.#stopped(run));
    else this.#start(run);
  }

  #start(run: CellRun): void {
    // From setImmediate, so that a termination unwinds to an empty stack of ours and to no other cell's context.
    const begin = () => setImmediate(() => inCell(run, () => this.#begin(run)));
    loadRooms().then(begin, (error) => this.#answer(run, { failure: toFailure(error), userExpressions: {} }));
  }

  #begin(run: CellRun): void {
    if (run.answered || run.stopped) return;
    run.started = true;
    evaluateCell(run, this.#session, this.#importer).then(
      (outcome) => this.#finish(run, this.#isStopped(run, outcome) ? this.#stopped(run, outcome) : outcome),
      (error) => this.#finish(run, { failure: toFailure(error), userExpressions: {} }),
    );
  }

  /** The errors that nobody caught are part of what the cell shows. */
  #finish(run: CellRun, outcome: Outcome): void {
    if (hasUntoldRejection()) afterRejections(() => this.#answer(run, outcome));
    else this.#answer(run, outcome);
  }

  /** A child that was told to end makes its `execSync` throw before this thread hears of the stop. */
  #isStopped(run: CellRun, { failure }: Outcome): boolean {
    if (failure && this.#sentinel.isStopping(run.id)) run.markStopped({ why: "interrupt" });
    return run.stopped !== undefined;
  }

  #answer(run: CellRun, { result, failure, userExpressions, isSurelyTyped }: Outcome): void {
    if (run.answered) return;
    asHost(() => {
      const cell = run.id;
      clearTimeout(run.grace);
      run.sayLastWords(failure, reportStray);
      const shown = failure ? undefined : result;
      const names = this.#changedNames();
      // Before the answer: Stop by who has it is meant for what the cell left behind.
      this.#sentinel.setActive(undefined);
      publish({ type: "done", cell, result: shown, failure, userExpressions, names, isSurelyTyped });
      run.answered = true;
      this.#active = undefined;
      // What it holds is let go of by code that is not ours.
      setImmediate(() => void run.release());
      this.#next();
    });
  }

  #changedNames(): readonly string[] | undefined {
    const names = this.#session.names();
    const key = names.join();
    if (key === this.#names) return undefined;
    this.#names = key;
    return names;
  }

  /** A stopped cell fails with the reason of the stop; what its own code made of the abort is told only when it says more. */
  #stopped(run: CellRun, outcome?: Outcome): Outcome {
    const own = outcome?.failure;
    const unwoundAt = this.#sentinel.stackOf(run.id);
    if (own && unwoundAt === undefined && /^(Interrupted|MemoryLimitError)$/.test(own.ename))
      return { failure: own, userExpressions: {} };
    const largest = run.stopped?.why === "memory" && run.started ? largestVariables(this.#session) : "";
    if (!run.stopped) return { failure: toFailure(undefined), userExpressions: {} };
    const error = stopError(run.stopped, largest);
    // The line that was running; what only awaited was at none.
    error.stack = unwoundAt ?? "";
    return { failure: toFailure(error), userExpressions: {} };
  }
}
