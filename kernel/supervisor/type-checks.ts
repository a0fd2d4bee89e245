import type { CellDiagnostic, LanguageService } from "../language/service.ts";

/** A check starts when its cell has run, or after this: a quick cell's reply does not share the processor with it. */
const START_AFTER_MS = 20;
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

  constructor(language: () => Promise<LanguageService>) {
    this.#language = language;
  }

  /** The errors for which a strict cell must not run. */
  gate(cell: CellText): Promise<readonly CellDiagnostic[]> {
    return this.#check(cell, (errors) => errors.length === 0).then(onlyErrors);
  }

  /** Begins beside a run; the function that it gives is called after the cell's reply and resolves when idle may be said. */
  beside(cell: CellText, onFound: (found: readonly CellDiagnostic[]) => void): () => Promise<void> {
    let started: Promise<void> | undefined;
    const start = (): Promise<void> => {
      started ??= this.#check(cell, () => true).then((found) => {
        if (found.length > 0 && !isOff) onFound(found);
      });
      return started;
    };
    const isOff = this.mode === "off";
    const timer = isOff ? undefined : setTimeout(start, START_AFTER_MS);
    return async () => {
      clearTimeout(timer);
      if (this.#isWarm && !isOff) await within(start(), WAIT_MS);
      // Loading the service blocks this thread for longer than anybody should wait.
      else setImmediate(start);
    };
  }

  /**
   * A cell that is accepted stands for completion and for the checks after it: in the same turn in which its check ends, before the next
   * question is put. A service that fails costs its warnings, never the cell.
   */
  async #check(cell: CellText, accepts: (errors: readonly CellDiagnostic[]) => boolean): Check {
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
