import type { LiveMembers } from "../link/messages.ts";
import type { Json, JupyterMessage } from "../wire/message.ts";
import type { Comms } from "./comms.ts";
import type { History } from "./history.ts";
import type { LanguageThread } from "./language-thread.ts";

/** What a request may use: one object instead of nine parameters. */
export interface Kernel {
  readonly history: History;
  readonly comms: Comms;
  /** What is asked of it is answered after all cells that were sent before. */
  language(): LanguageThread;
  /** Session names of the executor, for magics' completion. */
  names(): readonly string[];
  /** What a value of the session has, as far as it can be seen without running code. */
  members(path: readonly string[]): Promise<LiveMembers | undefined>;
  executorPid(): number | undefined;
  debug(request: JupyterMessage): Promise<Json>;
  closeComm(id: unknown, request: JupyterMessage): void;
  shutdown(restart: boolean, request: JupyterMessage): void;
  interrupt(): void;
}

/** A request other than execute: gives the content of its reply, if it has one. */
export type RequestHandler = (message: JupyterMessage, kernel: Kernel) => Json | undefined | Promise<Json | undefined>;
