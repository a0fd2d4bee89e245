import { MemoryLimitError } from "../errors.ts";
import type { Failures } from "../threads/serve.ts";

/** What a thread that grows trees failed with. */
export interface ForestFailure {
  readonly error: unknown;
  readonly isOutOfMemory: boolean;
}

export const FOREST_FAILURES: Failures<ForestFailure> = {
  pack: (error) => ({ error, isOutOfMemory: (error as { code?: string }).code === "ERR_WORKER_OUT_OF_MEMORY" }),
  unpack: ({ error, isOutOfMemory }) => (isOutOfMemory ? tooLarge(error) : (error as Error)),
};

function tooLarge(cause: unknown): MemoryLimitError {
  return new MemoryLimitError("E_MEMORY_LIMIT", "the forest grew over the memory of its thread", {
    hint: "set maxDepth or a larger minInstancesPerNode, or learn from fewer rows",
    cause,
  });
}
