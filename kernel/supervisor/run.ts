import { readConnection } from "../wire/connection.ts";
import { Supervisor } from "./supervisor.ts";

/** How often the kernel looks whether the process that started it is still there. */
const PARENT_POLL_MS = 1000;

/**
 * Runs the kernel of a connection file until it is shut down.
 *
 * @throws {UsageError} E_CONNECTION_FILE
 */
export async function runKernel(connectionFile: string): Promise<void> {
  const supervisor = new Supervisor(readConnection(connectionFile));
  // Stop comes as a message; a stray Ctrl-C in the server's terminal must not end the kernel.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => void supervisor.end());
  process.on("SIGHUP", () => void supervisor.end());
  process.on("exit", () => supervisor.killExecutor());
  process.on("uncaughtException", (error) => console.error("outgrow kernel:", error));
  watchParent(() => void supervisor.end());
  await supervisor.start();
}

function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) onGone();
  }, PARENT_POLL_MS).unref();
}
