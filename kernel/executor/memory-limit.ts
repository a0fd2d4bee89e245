import { totalmem } from "node:os";
import { HEAP_ROOM } from "../../src/limits.ts";

/** Room for V8 and the system to work in: above it one more collection may end the process instead of the cell. */
const SHARE = 0.8;
/** V8 counts its young generation, three semi-spaces of the size that the supervisor asks for, into the limit; only the rest can fill up for good. */
const YOUNG = 48 * 2 ** 20;

/** The kernel's environment may say it, and a limit that a cell sets outlives the process that runs it. */
export const LIMIT_VARIABLE = "OUTGROW_MEMORY_LIMIT";

/** Resident bytes of this process above which a cell is stopped, and whose limit that is. */
export interface ProcessLimit {
  readonly bytes: number;
  readonly from: "set" | "container" | "machine";
}

export function processLimit(set = Number(process.env[LIMIT_VARIABLE] ?? 0)): ProcessLimit {
  if (set > 0) return { bytes: set, from: "set" };
  const [machine, container] = [totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY];
  return container < machine
    ? { bytes: SHARE * container, from: "container" }
    : { bytes: SHARE * machine, from: "machine" };
}

/** Bytes of the heap above which a cell is stopped; V8 ends the process at the whole, which the supervisor makes larger than it would be. */
export function heapLimit(whole: number): number {
  return (SHARE * (whole - YOUNG)) / HEAP_ROOM;
}
