import type { CellDiagnostic, LanguageService } from "../language/service.ts";
import type { CellFailure } from "../link/messages.ts";

/** A check starts when its cell has run, or after this: a quick cell's reply does not share the processor with it. */
const START_AFTER_MS = 20;
/** The first check loads the service, which blocks this thread for some tenths of a second: not while the kernel starts or a first cell waits for its reply. */
const COLD_START_AFTER_MS = 600;
/**
 * How long idle waits for a check (a warm one takes 3 to 15 ms), since front ends without a person drop what comes after idle. They also
 * give up on a kernel that is silent for 100 ms between a reply and its idle, so a slower check is published after it.
 */
const WAIT_MS = 25;

export interface CellText {
  readonly id: string;
  readonly code: string;
}

type Check = Promise<readonly CellDiagnostic[]>;

export type TypecheckMode = "off" | "warn" | "strict";

/** Types are checked beside the run and never delay a reply. */
export class TypeChecks {
  mode: TypecheckMode = "warn";
  readonly #language: () => Promise<LanguageService>;
  #isWarm = false;
  #isClosed = false;
  /** Checks that have not begun, in the order of their cells. */
  readonly #waiting: (() => void)[] = [];

  constructor(language: () => Promise<LanguageService>) {
    this.#language = language;
  }

  /** Starts the service soon, beside nothing else. */
  warm(): void {
    setTimeout(() => this.#check({ id: "warm-up", code: "0" }, () => false), COLD_START_AFTER_MS).unref();
  }

  /** Nothing is begun any more: it would start the service anew. */
  close(): void {
    this.#isClosed = true;
  }

  /** The service, with all cells on their way to it: what is asked now is answered after them. */
  language(): Promise<LanguageService> {
    this.#startWaiting();
    return this.#language();
  }

  /** Why a strict cell must not run. */
  async gate(cell: CellText): Promise<CellFailure | undefined> {
    this.#startWaiting();
    const errors = onlyErrors(await this.#check(cell, (found) => found.length === 0));
    const traceback = errors.map(({ text }) => text);
    return errors[0] && { ename: "TypeCheckError", evalue: errors[0].message, traceback };
  }

  /** Begins beside a run; the function that it gives is called after the cell's reply and resolves when idle may be said. */
  beside(cell: CellText, onFound: (found: readonly CellDiagnostic[]) => void): () => Promise<void> {
    const isOff = this.mode === "off";
    let checked = Promise.resolve();
    const start = (): void => {
      clearTimeout(timer);
      checked = (isOff ? this.#acceptUnchecked(cell) : this.#check(cell, () => true)).then((found) => {
        if (found.length > 0) onFound(found);
      });
    };
    const timer = setTimeout(() => this.#startWaiting(start), this.#isWarm ? START_AFTER_MS : COLD_START_AFTER_MS);
    this.#waiting.push(start);
    return async () => {
      if (isOff || !this.#isWarm) return;
      this.#startWaiting(start);
      await within(checked, WAIT_MS);
    };
  }

  /** A check knows the cells before it: they come first. */
  #startWaiting(last = this.#waiting.at(-1)): void {
    const count = last === undefined ? 0 : this.#waiting.indexOf(last) + 1;
    for (const start of this.#waiting.splice(0, count)) start();
  }

  /** For completion, and for the checks once they are wanted again. */
  async #acceptUnchecked(cell: CellText): Check {
    const service = this.#isClosed ? undefined : await this.#language().catch(() => undefined);
    service?.accept(cell);
    return [];
  }

  /**
   * A cell that is accepted stands for completion and for the checks after it: in the same turn in which its check ends, before the next
   * question is put. A service that fails costs its warnings, never the cell.
   */
  async #check(cell: CellText, accepts: (errors: readonly CellDiagnostic[]) => boolean): Check {
    if (this.#isClosed) return [];
    try {
      const service = await this.#language();
      const found = await service.checkCell(cell);
      if (accepts(onlyErrors(found))) service.accept(cell);
      this.#isWarm = true;
      return found;
    } catch (error) {
      console.error("outgrow kernel: a type check failed:", error);
      return [];
    }
  }
}

function onlyErrors(found: readonly CellDiagnostic[]): readonly CellDiagnostic[] {
  return found.filter(({ severity }) => severity === "error");
}

async function within(promise: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
