import type { ToExecutor, ToSupervisor } from "../link/messages.ts";

const channel = process.send?.bind(process);

/** Sends at once and in order; a supervisor that is gone shuts this process down by `disconnect`, so nothing is awaited here. */
export function send(message: ToSupervisor): void {
  if (process.connected) channel?.(message);
}

export function listen(handler: (message: ToExecutor) => void): void {
  process.on("message", (message) => handler(message as ToExecutor));
  process.once("disconnect", () => handler({ type: "shutdown" }));
  // Packages look for these to learn whether they are a worker of somebody's cluster.
  Object.defineProperty(process, "send", { value: undefined, configurable: true, writable: true });
}
