import type { Kernel } from "../kernel.ts";
import { noMemory } from "../refused.ts";

// A large table of the kernel grows in steps, between which other work may go on that leaves the kernel alone.

/**
 * A step of a table that had no room for what was added to it; when all are done it is added again. False when this was the last.
 *
 * @throws {ScanRefused} when there is no memory for `what`
 */
export function grows(kernel: Kernel, table: number, what: string): boolean {
  const left = kernel.calls.growTable(table);
  if (left < 0) throw noMemory(what);
  return left > 0;
}

/** A step of making room for so many texts more in a dictionary; false when there is room. */
export function growsFor(kernel: Kernel, dictionary: number, texts: number): boolean {
  const left = kernel.calls.dictGrow(dictionary, texts);
  if (left < 0) throw noMemory("the texts");
  return left > 0;
}
