import type { Kernel } from "../kernel.ts";
import { noMemory } from "../refused.ts";
import type { Stepwise } from "./stepwise.ts";

/**
 * Calls what adds to a table of the kernel, and gives a negative number when it could not, until it could: a large table grows in steps, between which other
 * work may go on that leaves the kernel alone.
 *
 * @throws {ScanRefused} when there is no memory for `what`
 */
export function* growing(kernel: Kernel, table: number, what: string, call: () => number): Stepwise<void> {
  while (call() < 0) {
    let left: number;
    do {
      left = kernel.calls.growTable(table);
      if (left < 0) throw noMemory(what);
      yield;
    } while (left > 0);
  }
}

/** Makes room in a dictionary for so many texts more, in the same way. */
export function* growingTexts(kernel: Kernel, dictionary: number, texts: number): Stepwise<void> {
  for (;;) {
    const left = kernel.calls.dictGrow(dictionary, texts);
    if (left < 0) throw noMemory("the texts");
    if (left === 0) return;
    yield;
  }
}
