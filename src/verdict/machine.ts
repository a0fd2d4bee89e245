import { statfsSync } from "node:fs";
import { availableParallelism, freemem, tmpdir, totalmem } from "node:os";
import { measuredPace } from "./speed.ts";

/** What this machine can give to one process now. Bytes. */
export interface Machine {
  readonly cores: number;
  /** All of it, or a container's limit where that is lower. */
  readonly memory: number;
  /** What a new allocation may take without swapping. */
  readonly memoryFree: number;
  /** Room for spilled data. */
  readonly tempFree: number;
  readonly tempFolder: string;
  /** Speed of one core against the machine that the constants were measured on; above 1 is faster. */
  readonly pace: number;
}

/**
 * Memory, cores, room for temporary files and measured speed of this machine.
 *
 * @example
 * machine().memoryFree; // bytes
 */
export function machine(options: { readonly tempFolder?: string | undefined } = {}): Machine {
  const tempFolder = options.tempFolder ?? tmpdir();
  const memory = memoryLimit();
  return {
    cores: availableParallelism(),
    memory,
    memoryFree: Math.min(memory, memoryFree()),
    tempFree: freeOf(tempFolder),
    tempFolder,
    pace: measuredPace(),
  };
}

/** Node answers with 0 or with an absurdly large number where nothing limits the process. */
function memoryLimit(): number {
  const { constrainedMemory } = process as { constrainedMemory?: () => number | undefined };
  const limit = constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

function memoryFree(): number {
  const { availableMemory } = process as { availableMemory?: () => number };
  return availableMemory?.() ?? freemem();
}

/** Nothing can be spilled to a folder that is not there. */
function freeOf(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
