import type { SparkInputs } from "./types.ts";

const GIB = 2 ** 30;
const LEAST_OVERHEAD = 384 * 2 ** 20;

export interface Executors {
  readonly perNode: number;
  readonly count: number;
  readonly cores: number;
  /** Bytes. */
  readonly heap: number;
  readonly overhead: number;
}

/**
 * Executors of a cluster: at most 5 cores each, one core and 1 GiB of each machine left to the system, a tenth of the heap as overhead.
 *
 * @example
 * planExecutors({ nodes: 6, cores: 16, memory: 64 * 2 ** 30, master: "yarn", workload: "etl" }).count; // 17
 */
export function planExecutors({ nodes, cores, memory, master }: SparkInputs, given?: number): Executors {
  const each = Math.max(1, Math.min(5, cores - 1));
  // No executor is worth its start with less than 1 GiB of heap.
  const room = Math.floor((memory - GIB) / (GIB + LEAST_OVERHEAD));
  const perNode = Math.max(1, Math.min(Math.floor((cores - 1) / each), room));
  const count = Math.max(1, nodes * perNode - (master.startsWith("yarn") ? 1 : 0));
  const container = (memory - GIB) / perNode;
  const heap = given ?? Math.max(GIB, Math.floor(container / 1.1 / GIB) * GIB);
  return { perNode, count, cores: each, heap, overhead: Math.max(LEAST_OVERHEAD, 0.1 * heap) };
}
