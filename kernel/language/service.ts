import type { MagicTable } from "../cell/magic-call.ts";
import type { MimeBundle } from "../link/messages.ts";
import { checkPresented } from "./check.ts";
import type { ColumnsOf } from "./chunk-type.ts";
import { completeAt } from "./complete.ts";
import { inspectAt } from "./inspect.ts";
import { NotebookText } from "./notebook-text.ts";
import { type Present, presenter } from "./present.ts";
import { isServerGone, TypeServer } from "./server.ts";

/** One finding in a cell, placed in the cell as typed; line and column count from 1, in UTF-16 units. */
export interface CellDiagnostic {
  readonly severity: "error" | "warning";
  /** `TS2322` */
  readonly code: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /** Ready to print: code, place and message, the source line, a caret. */
  readonly text: string;
}

/** What may stand between `start` and `end` (UTF-16 offsets); `type` is a word that JupyterLab has an icon for. */
export interface Completion {
  readonly matches: readonly { readonly text: string; readonly type: string }[];
  readonly start: number;
  readonly end: number;
}

export interface LanguageService {
  checkCell(cell: { readonly id: string; readonly code: string }): Promise<readonly CellDiagnostic[]>;
  /** The cell ran: its declarations now stand. */
  accept(cell: { readonly id: string; readonly code: string }): void;
  complete(code: string, cursor: number): Promise<Completion>;
  inspect(code: string, cursor: number, detail: 0 | 1): Promise<MimeBundle | undefined>;
  /** Resolves when no process of the service is left. Calls after it answer with nothing found. */
  close(): Promise<void>;
  /** Ends its process at once: one that was just asking its client something does not end by itself. */
  kill(): void;
}

export interface LanguageServiceOptions {
  readonly notebookDir: string;
  /** Loaded with the first cell that may have a magic. Without it a magic's line and whatever stands under `%%name` is not looked at. */
  readonly loadMagics?: (() => Promise<MagicTable>) | undefined;
  /** Reads the names of a file's columns, for the chunks of `%%chunked`. */
  readonly columnsOf?: ColumnsOf | undefined;
}

/** Nothing is loaded or started before the first question. */
export function createLanguageService({ notebookDir, loadMagics, columnsOf }: LanguageServiceOptions): LanguageService {
  return new NotebookLanguage(notebookDir, presenter(loadMagics ?? (async () => new Map()), columnsOf));
}

/** Questions are answered one after the other, because each one puts its cell at the end of the one notebook file. */
class NotebookLanguage implements LanguageService {
  readonly #server: TypeServer;
  readonly #notebook: NotebookText;
  readonly #present: Present;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(notebookDir: string, present: Present) {
    this.#present = present;
    this.#server = new TypeServer(notebookDir);
    this.#notebook = new NotebookText(this.#server, present);
  }

  checkCell(cell: { readonly id: string; readonly code: string }): Promise<readonly CellDiagnostic[]> {
    return this.#ask(20_000, [], async () => {
      const presented = await this.#present(cell.code);
      return presented.text.trim() === "" ? [] : checkPresented(this.#server, this.#notebook, cell.id, presented);
    });
  }

  accept(cell: { readonly id: string; readonly code: string }): void {
    this.#notebook.accept(cell);
  }

  complete(code: string, cursor: number): Promise<Completion> {
    const nothing: Completion = { matches: [], start: cursor, end: cursor };
    return this.#ask(5_000, nothing, async () =>
      completeAt(this.#server, this.#notebook, await this.#present(code), cursor),
    );
  }

  inspect(code: string, cursor: number, detail: 0 | 1): Promise<MimeBundle | undefined> {
    return this.#ask(5_000, undefined, async () =>
      inspectAt(this.#server, this.#notebook, await this.#present(code), cursor, detail),
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#server.close();
  }

  kill(): void {
    this.#closed = true;
    this.#server.kill();
  }

  /** A native server that died or hangs is replaced and the question asked once more; it never takes the kernel with it. */
  #ask<T>(timeoutMs: number, nothing: T, question: () => Promise<T>): Promise<T> {
    const answer = this.#last.then(async () => {
      for (let attempt = 0; attempt < 2 && !this.#closed; attempt++) {
        try {
          return await this.#server.within(timeoutMs, question);
        } catch (error) {
          if (!this.#closed && !isServerGone(error)) throw error;
        }
      }
      return nothing;
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }
}
