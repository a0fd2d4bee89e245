import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { ScanControl } from "./control.ts";
import type { ThreadEnd } from "./outcome.ts";

/** What a thread says to the first: parts of what it has found, then how it ended. */
export type ThreadWords = { readonly part: unknown } | { readonly end: ThreadEnd };

/**
 * Takes parts as they come, until all other threads have ended, and gives how; undefined when the scan was cancelled, or a thread has failed, which told the
 * main thread.
 */
export function hearOthers(
  ports: readonly MessagePort[],
  control: ScanControl,
  onPart: (part: unknown) => void,
): readonly ThreadEnd[] | undefined {
  const ends = new Map<MessagePort, ThreadEnd>();
  for (;;) {
    // Whoever has ended by now has said all.
    const [said, ended] = [control.said, control.endedThreads];
    for (const port of ports) {
      for (let words = nextOf(port); words; words = nextOf(port)) {
        if (control.isCancelled) return undefined;
        if ("part" in words) onPart(words.part);
        else ends.set(port, words.end);
      }
    }
    if (control.isCancelled) return undefined;
    if (ends.size === ports.length) return ports.map((port) => ends.get(port));
    if (ended === ports.length || !control.waitForMore(said)) return undefined;
  }
}

function nextOf(port: MessagePort): ThreadWords | undefined {
  return receiveMessageOnPort(port)?.message as ThreadWords | undefined;
}
