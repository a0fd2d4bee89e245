import { type ChildProcess, spawn } from "node:child_process";
import type { ServerProcess } from "./server-process.ts";

/**
 * Ends the server with this process, also where that is killed: a server which was just asking its client something waits for the answer for ever. A
 * shell waits at the end of a pipe, which closes with whoever holds it, in a group of its own, so that no signal to the kernel's ends it before.
 */
export function guardServer(server: ServerProcess): void {
  if (server.pid === undefined || process.platform === "win32") return;
  const guard: ChildProcess = spawn("/bin/sh", ["-c", 'read -r line; kill -KILL "$0"', String(server.pid)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Without a shell a server is left over after a kernel that was killed, and nothing else is amiss.
  guard.on("error", () => undefined);
  guard.stdin?.on("error", () => undefined);
  guard.unref();
  server.once("exit", () => guard.kill("SIGKILL"));
}
