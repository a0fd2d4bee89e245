import { availableParallelism, freemem, totalmem } from "node:os";
import { UsageError } from "./errors.ts";

const MIB = 2 ** 20;
/** Below it a CSV with many groups cannot finish. */
const LEAST_MEMORY = 512 * MIB;
const MOST_MEMORY = 1024 * MIB;
/** Each thread has a table of its own, in which a million groups take some hundred megabytes. */
const MOST_OF_A_THREAD = 256 * MIB;

/** Bytes for an engine with so many threads: as given, or a quarter of what is free within bounds that keep the process small. */
export function memoryLimitOf(given: number | undefined, threads: number): number {
  const most = Math.max(MOST_MEMORY, threads * MOST_OF_A_THREAD);
  if (given === undefined) return Math.min(most, Math.max(LEAST_MEMORY, freeMemory() / 4));
  if (!(given >= 32 * MIB))
    throw new UsageError("E_BAD_OPTION", "the memory limit is below 32 MiB, in which the engine cannot work", {
      hint: "leave it out, or give at least 512MiB for a CSV with many groups",
    });
  return given;
}

/** What this process may still take, a container's limit included where Node knows it. */
function freeMemory(): number {
  const { availableMemory } = process as { availableMemory?: () => number };
  return availableMemory?.() ?? freemem();
}

/** Threads for an engine: as given, or all cores that this process may use. */
export function threadsOf(given: number | undefined): number {
  if (given === undefined) return availableParallelism();
  if (!Number.isInteger(given) || given < 1 || given > 1024)
    throw new UsageError("E_BAD_OPTION", `${given} is not a number of threads`, {
      hint: "give a whole number from 1 to the cores of the machine",
    });
  return given;
}

/**
 * V8's hard limit for cells, in multiples of the heap that they may use. An array that grows needs its old and its new room at once, two and a
 * half times what it had, in one step that nobody can stop; at the hard limit V8 ends the process.
 */
export const HEAP_ROOM = 2;

/** What a process and the JavaScript heap in it may take, in bytes, before somebody stops the work. */
export interface MemoryBounds {
  readonly process: number;
  readonly heap: number;
}

/** Room for V8 and the system to work in. */
const SHARE = 0.8;

/** Of a process that nobody watches: a share of the machine or its container, and of the heap at whose end V8 ends the process. */
export function ownBounds(heapSizeLimit: number): MemoryBounds {
  return {
    process: SHARE * Math.min(totalmem(), process.constrainedMemory() || totalmem()),
    heap: SHARE * heapSizeLimit,
  };
}
