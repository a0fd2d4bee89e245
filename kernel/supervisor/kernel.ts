import type { LanguageService } from "../language/service.ts";
import type { MimeBundle } from "../link/messages.ts";
import type { Header, Json, JupyterMessage } from "../wire/message.ts";
import type { Cells } from "./cells.ts";
import type { History } from "./history.ts";

/** What a request may use: one object instead of nine parameters. */
export interface Kernel {
  readonly history: History;
  readonly cells: Cells;
  readonly startedAt: number;
  language(): Promise<LanguageService>;
  /** Session names of the executor, for magics' completion. */
  names(): readonly string[];
  publish(type: string, content: Json, parent: Header | Json, metadata?: Json): void;
  executorPid(): number | undefined;
  shutdown(restart: boolean): void;
  interrupt(): void;
}

/** A request other than execute: gives the content of its reply. */
export type RequestHandler = (message: JupyterMessage, kernel: Kernel) => Json | Promise<Json>;

export type { MimeBundle };
