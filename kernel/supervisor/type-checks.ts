import type { CellDiagnostic, LanguageService } from "../language/service.ts";

/** How long a cell's end waits for its check: long while the service starts, since a warning must not be lost; short when it is warm. */
const COLD_WAIT_MS = 1500;
const WARM_WAIT_MS = 80;

type Check = Promise<readonly CellDiagnostic[]>;

/** Types are checked beside the run; a warm check never delays a reply. */
export class TypeChecks {
  mode: "off" | "warn" | "strict" = "warn";
  readonly #language: () => Promise<LanguageService>;
  #isWarm = false;

  constructor(language: () => Promise<LanguageService>) {
    this.#language = language;
  }

  begin(cell: { readonly id: string; readonly code: string }): Check | undefined {
    const check = this.#check(cell).catch(() => []);
    return this.mode === "off" ? undefined : check;
  }

  /**
   * Hands the diagnostics over: before this resolves while the service is cold, else at the latest when the promise that it gives resolves,
   * which `idle` waits for.
   */
  async finish(
    check: Check | undefined,
    onFound: (found: readonly CellDiagnostic[]) => void,
  ): Promise<Promise<void>[]> {
    if (!check || this.mode === "strict") return [];
    const handed = check.then(onFound);
    if (!this.#isWarm) {
      await within(handed, COLD_WAIT_MS);
      return [];
    }
    return [within(handed, WARM_WAIT_MS)];
  }

  async #check(cell: { readonly id: string; readonly code: string }): Check {
    const service = await this.#language();
    const found = await service.checkCell(cell);
    service.accept(cell);
    this.#isWarm = true;
    return found;
  }
}

function within(promise: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
