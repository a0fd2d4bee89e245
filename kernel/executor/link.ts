import { writeSync } from "node:fs";
import { encodeFrame, LINK_FD } from "../link/frames.ts";
import type { ToExecutor, ToSupervisor } from "../link/messages.ts";
import { asHost } from "./host-code.ts";

/** False for an executor that was started by hand. */
const isLinked = process.connected;
const AGAIN_MS = 1;

/** Sends at once and in order, and waits for a supervisor that is slower; one that is gone shuts this process down by `disconnect`. */
export function send(message: ToSupervisor): void {
  // Half a frame would garble all that follows.
  if (isLinked) asHost(() => write(encodeFrame(message)));
}

export function listen(handler: (message: ToExecutor) => void): void {
  process.on("message", (message) => handler(message as ToExecutor));
  process.once("disconnect", () => handler({ type: "shutdown" }));
  // Packages look for these to learn whether they are a worker of somebody's cluster.
  Object.defineProperty(process, "send", { value: undefined, configurable: true, writable: true });
}

function write(frame: Buffer): void {
  for (let at = 0; at < frame.length; ) {
    try {
      at += writeSync(LINK_FD, frame, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, AGAIN_MS);
    }
  }
}
