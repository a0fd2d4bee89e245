import { distFile } from "../../src/paths.ts";
import { isAlive } from "../../src/processes.ts";
import { readConnection } from "../wire/connection.ts";
import { Executor } from "./executor.ts";

/** How often the kernel looks whether the process that started it is still there. */
const PARENT_POLL_MS = 1000;

/**
 * Runs the kernel of a connection file; resolves when its ports are open. The process ends when the kernel is shut down.
 *
 * @throws {UsageError} E_CONNECTION_FILE
 * @throws {ConnectionError} E_BIND
 */
export async function runKernel(connectionFile: string): Promise<void> {
  const connection = readConnection(connectionFile);
  // First: it starts on another core while the sockets are loaded here.
  const executor = new Executor(distFile("kernel/executor/main.js"));
  const { Supervisor } = await import("./supervisor.ts");
  const supervisor = new Supervisor({ connection, executor, onEnd: () => process.exit() });
  const end = (): void => void supervisor.end();
  // Stop comes as a message; a stray Ctrl-C in the server's terminal must not end the kernel.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", end);
  process.on("SIGHUP", end);
  process.on("exit", () => supervisor.kill());
  process.on("uncaughtException", (error) => console.error("outgrow kernel:", error));
  watchParent(end);
  try {
    await supervisor.start();
  } catch (error) {
    // Sockets and the executor would keep the process from ending.
    setImmediate(end);
    throw error;
  }
}

/** Jupyter gives its own id; a wrapper between it and the kernel may live longer than Jupyter, or not at all. */
function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  const jupyter = process.platform === "win32" ? 0 : Number(process.env.JPY_PARENT_PID ?? 0);
  setInterval(() => {
    if (process.ppid !== parent || (jupyter > 0 && !isAlive(jupyter))) onGone();
  }, PARENT_POLL_MS).unref();
}
