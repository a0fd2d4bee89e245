import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { ScanControl } from "./control.ts";
import type { PackedFailure } from "./failures.ts";
import type { PieceFault } from "./scan-pieces.ts";

/** What a thread says to the one that takes what it has: parts of what it has found or was given, then how that ended. */
export type ThreadWords = { readonly part: unknown } | LastWords;

export interface LastWords {
  readonly faults: readonly PieceFault[];
  /** Why it could not bring together or hand on what it was given. */
  readonly failure: PackedFailure | undefined;
}

/** Takes parts as they come, until all threads have said their last words, and gives these; undefined when the scan was cancelled, as it is when a thread fails. */
export function hearOthers(
  ports: readonly MessagePort[],
  control: ScanControl,
  onPart: (part: unknown) => void,
): readonly LastWords[] | undefined {
  const last = new Map<MessagePort, LastWords>();
  for (;;) {
    const { said } = control;
    for (const port of ports) {
      for (let words = nextOf(port); words; words = nextOf(port)) {
        if (control.isCancelled) return undefined;
        if ("part" in words) onPart(words.part);
        else last.set(port, words);
      }
    }
    if (control.isCancelled) return undefined;
    if (last.size === ports.length) return [...last.values()];
    if (!control.waitForMore(said)) return undefined;
  }
}

function nextOf(port: MessagePort): ThreadWords | undefined {
  return receiveMessageOnPort(port)?.message as ThreadWords | undefined;
}
