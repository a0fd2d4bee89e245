import type { Accepting } from "../language/accepting.ts";
import type { CellText } from "../language/service.ts";

/** What is asked of the language thread. */
export type Question =
  | { readonly about: "check"; readonly cell: CellText; readonly accepting: Accepting }
  | { readonly about: "completion"; readonly code: string; readonly cursor: number }
  | { readonly about: "inspection"; readonly code: string; readonly cursor: number; readonly detail: 0 | 1 }
  | { readonly about: "completeness"; readonly code: string };

/** Supervisor to language thread. */
export type ToLanguage =
  | { readonly type: "question"; readonly sequence: number; readonly question: Question }
  /** The cell stands without a check. */
  | { readonly type: "accept"; readonly cell: CellText }
  | { readonly type: "close" };

/** Language thread to supervisor. */
export type FromLanguage =
  | { readonly sequence: number; readonly answer: unknown }
  | { readonly sequence: number; readonly failure: string };

export interface LanguageData {
  readonly notebookDir: string;
  /** Of `ServerPids`. */
  readonly pids: SharedArrayBuffer;
}
