import type { Socket } from "node:net";
import type { ServerSettings, SparkEndpoint, SparkServerStatus } from "./types.ts";

/** What a kernel says to a keeper. The connection itself is the lease: the system closes it when the kernel dies. */
export type ToKeeper =
  | {
      readonly type: "lease";
      readonly settings: ServerSettings;
      readonly holder: string;
      readonly idleSeconds: number;
      readonly startSeconds: number;
    }
  /** A Spark session that belongs to this lease, to be released when the lease ends without closing it. */
  | { readonly type: "session"; readonly id: string; readonly open: boolean }
  | { readonly type: "status" }
  | { readonly type: "ping" }
  | { readonly type: "stop"; readonly force: boolean; readonly holder: string };

export type FromKeeper =
  | { readonly type: "progress"; readonly operation: string; readonly note?: string | undefined }
  | { readonly type: "ready"; readonly endpoint: SparkEndpoint }
  | { readonly type: "failed"; readonly failure: Failure }
  /** The server is gone; nothing follows. */
  | { readonly type: "ended"; readonly failure: Failure }
  | { readonly type: "status"; readonly status: SparkServerStatus }
  /** The Java process that serves; none when it has died, or is about to. */
  | { readonly type: "serving"; readonly pid: number | undefined }
  | { readonly type: "stopped" }
  /** Others hold it. */
  | { readonly type: "held"; readonly leases: readonly string[] };

export interface Failure {
  readonly code: `E_${string}`;
  readonly message: string;
  readonly hint?: string | undefined;
}

export function send(socket: Socket, message: ToKeeper | FromKeeper): void {
  if (!socket.destroyed && socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

/** Calls back for each whole line. A line that is no message comes from a stranger, who is shown out. */
export function onMessages<Message>(socket: Socket, onMessage: (message: Message) => void): void {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const message = parse<Message>(line);
      if (message === undefined) return void socket.destroy();
      onMessage(message);
    }
  });
}

function parse<Message>(line: string): Message | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
