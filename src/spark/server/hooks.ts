import { connect } from "node:net";
import type { SparkEndpoint } from "./types.ts";

/** What a keeper needs a client for: it speaks no Spark itself. */
export interface ServerHooks {
  /** Resolves when the server answers and its first query has run, so that the first cell does not pay for it. */
  probe(endpoint: SparkEndpoint, onStep: (operation: string) => void): Promise<void>;
  /**
   * Interrupts what these sessions run and releases them; a query whose client has died goes on for ever otherwise. Without it a
   * server that was left with open sessions is stopped instead.
   */
  readonly releaseSessions?: ((endpoint: SparkEndpoint, sessions: readonly string[]) => Promise<void>) | undefined;
}

export const serverHooks: ServerHooks = { probe: answers };

/** An open port is all that can be seen without a client. */
function answers({ host, port }: SparkEndpoint): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host, () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
}
