import { randomUUID } from "node:crypto";

export const PROTOCOL_VERSION = "5.5";

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

export type Json = Readonly<Record<string, unknown>>;

export interface JupyterMessage {
  /** Routing identities of a request and its reply; the topic of a publication. */
  readonly identities: readonly Buffer[];
  readonly header: Header;
  readonly parentHeader: Header | Json;
  readonly metadata: Json;
  readonly content: Json;
  readonly buffers: readonly Buffer[];
}

/** The types that are published or sent outside the request files. */
export const MESSAGE = {
  status: "status",
  executeInput: "execute_input",
  executeResult: "execute_result",
  displayData: "display_data",
  updateDisplayData: "update_display_data",
  clearOutput: "clear_output",
  stream: "stream",
  error: "error",
  welcome: "iopub_welcome",
  commClose: "comm_close",
  commOpen: "comm_open",
  commMessage: "comm_msg",
  inputRequest: "input_request",
  inputReply: "input_reply",
  shutdownReply: "shutdown_reply",
  executeRequest: "execute_request",
  executeReply: "execute_reply",
  debugEvent: "debug_event",
} as const;

const session = randomUUID();

export function makeHeader(type: string): Header {
  return {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: "outgrow",
    date: new Date().toISOString(),
    version: PROTOCOL_VERSION,
  };
}
