import type { Accepting } from "../language/accepting.ts";
import type { CellDiagnostic, CellText } from "../language/service.ts";
import type { CellFailure } from "../link/messages.ts";
import type { LanguageThread } from "./language-thread.ts";

/** A check starts when its cell has run, or after this: a quick cell's reply does not share the processor with it. */
const START_AFTER_MS = 20;
/** The first check loads the service, which takes the processor for a second: not while the kernel starts or a first cell waits for its reply. */
const COLD_START_AFTER_MS = 600;
/**
 * How long idle waits for a check that has not ended with its cell (a warm one takes 3 to 15 ms; what is known already, less than one). A slower one is
 * published after it, which front ends with a person show; some of them give up on a kernel that is silent for 100 ms between a reply and its idle.
 */
const WAIT_MS = 25;
/** How long the reply to front ends without a person (nbconvert, papermill) waits: on a busy machine the service takes seconds to start. */
const WAIT_UNATTENDED_MS = 10_000;

/**
 * What is found stands below the outputs of its cell; only a cell that runs for longer is told what is wrong with it while it runs. The first error of
 * a session takes up to a quarter of a second, in which its hint loads the library; what it tells would be told twice.
 */
const SHOW_AFTER_MS = 400;

export type TypecheckMode = "off" | "warn" | "strict";

/** Types are checked beside the run and never delay a reply to a person. */
export class TypeChecks {
  mode: TypecheckMode = "warn";
  readonly #language: Pick<LanguageThread, "checkCell" | "accept" | "isReplacing">;
  #isWarm = false;
  #isClosed = false;
  /** Checks that have not begun, in the order of their cells: the service is not there yet. */
  readonly #waiting: (() => void)[] = [];

  constructor(language: Pick<LanguageThread, "checkCell" | "accept" | "isReplacing">) {
    this.#language = language;
  }

  /** Starts the service soon, beside nothing else. */
  warm(): void {
    setTimeout(() => this.#check({ id: "warm-up", code: "0" }, "never"), COLD_START_AFTER_MS).unref();
  }

  /** Nothing is begun any more: it would start the service anew. */
  close(): void {
    this.#isClosed = true;
  }

  /** All cells go to the service: what is asked of it now is answered after them. */
  startWaiting(): void {
    for (const start of this.#waiting.splice(0)) start();
  }

  /** Why a strict cell must not run. */
  async gate(cell: CellText): Promise<CellFailure | undefined> {
    this.startWaiting();
    const errors = (await this.#check(cell, "sound")).filter(({ severity }) => severity === "error");
    const traceback = errors.map(({ text }) => text);
    return errors[0] && { ename: "TypeCheckError", evalue: errors[0].message, traceback };
  }

  /**
   * Begins beside a run; the function that it gives is called after the cell's reply and resolves when idle may be said; where nobody looks on, before the reply. Where nothing can be found
   * nothing is waited for, and a cell that replaces no other text is not looked at: it means nothing to others.
   */
  beside(
    cell: CellText,
    onFound: (found: readonly CellDiagnostic[]) => void,
    isAttended = true,
  ): (isSurelyTyped?: boolean) => Promise<void> {
    const isOff = this.mode === "off";
    let replied = (): void => undefined;
    const reply = new Promise<void>((resolve) => {
      replied = resolve;
    });
    let shown: Promise<void> | undefined;
    const start = (): void => {
      if (isOff) this.#acceptUnchecked(cell);
      else shown = this.#show(cell, reply, onFound);
    };
    this.#waiting.push(start);
    const timer = setTimeout(() => this.startWaiting(), this.#isWarm ? START_AFTER_MS : COLD_START_AFTER_MS);
    return async (isSurelyTyped) => {
      replied();
      const at = this.#waiting.indexOf(start);
      if (isSurelyTyped && at >= 0 && !this.#language.isReplacing(cell)) {
        clearTimeout(timer);
        this.#waiting.splice(at, 1);
      }
      if (!this.#isWarm && (isAttended || isSurelyTyped)) return;
      clearTimeout(timer);
      this.startWaiting();
      if (shown && !isSurelyTyped) await within(shown, isAttended ? WAIT_MS : WAIT_UNATTENDED_MS);
    };
  }

  async #show(
    cell: CellText,
    reply: Promise<void>,
    onFound: (found: readonly CellDiagnostic[]) => void,
  ): Promise<void> {
    const found = await this.#check(cell, "always");
    if (found.length === 0) return;
    await within(reply, SHOW_AFTER_MS);
    onFound(found);
  }

  /** For completion, and for the checks once they are wanted again. */
  #acceptUnchecked(cell: CellText): void {
    if (!this.#isClosed) this.#language.accept(cell);
  }

  /** A service that fails costs its warnings, never the cell. */
  async #check(cell: CellText, accepting: Accepting): Promise<readonly CellDiagnostic[]> {
    if (this.#isClosed) return [];
    try {
      const found = await this.#language.checkCell(cell, accepting);
      this.#isWarm = true;
      return found;
    } catch (error) {
      if (!this.#isClosed) console.error("outgrow kernel: a type check failed:", error);
      return [];
    }
  }
}

async function within(promise: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
