import type { MagicTable } from "../cell/magic-call.ts";
import type { MimeBundle } from "../link/messages.ts";
import { type Accepting, isAccepted } from "./accepting.ts";
import { checkPresented } from "./check.ts";
import type { ColumnsOf } from "./chunk-type.ts";
import { completeAt } from "./complete.ts";
import { inspectAt } from "./inspect.ts";
import { NotebookText } from "./notebook-text.ts";
import { type Present, presenter } from "./present.ts";
import { isServerGone, TypeServer } from "./server.ts";
import type { ServerPids } from "./server-pids.ts";

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
  /** Nothing else belongs there, whatever the values know. */
  readonly isFinal?: boolean | undefined;
}

export interface CellText {
  readonly id: string;
  readonly code: string;
}

export interface LanguageService {
  /** A cell that is accepted stands for every question that is answered after this one. */
  checkCell(cell: CellText, accepting?: Accepting): Promise<readonly CellDiagnostic[]>;
  /** The cell ran: its declarations now stand. */
  accept(cell: CellText): void;
  complete(code: string, cursor: number): Promise<Completion>;
  inspect(code: string, cursor: number, detail: 0 | 1): Promise<MimeBundle | undefined>;
  /** Resolves when no process of the service is left. Calls after it answer with nothing found. */
  close(): Promise<void>;
}

export interface LanguageServiceOptions {
  readonly notebookDir: string;
  /** Loaded with the first cell that may have a magic. Without it a magic's line and whatever stands under `%%name` is not looked at. */
  readonly loadMagics?: (() => Promise<MagicTable>) | undefined;
  /** Reads the names of a file's columns, for the chunks of `%%chunked`. */
  readonly columnsOf?: ColumnsOf | undefined;
  /** Where the processes of the service are written down. */
  readonly pids?: ServerPids | undefined;
}

/** Nothing is loaded or started before the first question. */
export function createLanguageService(options: LanguageServiceOptions): LanguageService {
  const { notebookDir, loadMagics, columnsOf, pids } = options;
  const present = presenter(loadMagics ?? (async () => new Map()), columnsOf);
  return new NotebookLanguage(new TypeServer(notebookDir, pids), present);
}

/** Questions are answered one after the other, because each one puts its cell at the end of the one notebook file. */
export class NotebookLanguage implements LanguageService {
  readonly #server: TypeServer;
  readonly #notebook: NotebookText;
  readonly #present: Present;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(server: TypeServer, present: Present) {
    this.#present = present;
    this.#server = server;
    this.#notebook = new NotebookText(this.#server, present);
  }

  checkCell(cell: CellText, accepting: Accepting = "never"): Promise<readonly CellDiagnostic[]> {
    const check = async (): Promise<readonly CellDiagnostic[]> => {
      const presented = await this.#present(cell.code);
      return presented.text.trim() === "" ? [] : checkPresented(this.#server, this.#notebook, cell.id, presented);
    };
    // Before the next question is put.
    return this.#ask(20_000, [], check, (found) => {
      if (isAccepted(accepting, found)) this.accept(cell);
    });
  }

  accept(cell: CellText): void {
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

  #ask<T>(
    timeoutMs: number,
    nothing: T,
    question: () => Promise<T>,
    afterwards: (answer: T) => void = () => undefined,
  ): Promise<T> {
    const answer = this.#last.then(async () => {
      const found = await this.#answer(timeoutMs, nothing, question);
      afterwards(found);
      return found;
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** A native server that died or hangs is replaced and the question asked once more; it never takes the kernel with it. */
  async #answer<T>(timeoutMs: number, nothing: T, question: () => Promise<T>): Promise<T> {
    for (let attempt = 0; attempt < 2 && !this.#closed; attempt++) {
      try {
        return await this.#server.within(timeoutMs, question);
      } catch (error) {
        if (!this.#closed && !isServerGone(error)) throw error;
      }
    }
    return nothing;
  }
}
