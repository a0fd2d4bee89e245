import type { SparkInputs } from "./types.ts";

const GIB = 2 ** 30;
const MIB = 2 ** 20;
const LEAST_OVERHEAD = 384 * MIB;
/** Spark starts with 450 MiB. */
const LEAST_HEAP = 512 * MIB;
const MOST_CORES = 5;

export interface Executors {
  readonly perNode: number;
  readonly count: number;
  readonly cores: number;
  /** Bytes. */
  readonly heap: number;
  readonly overhead: number;
}

/**
 * Executors of a cluster: of at most 5 cores, as many as leave the fewest of a machine's idle; one core and 1 GiB of each machine
 * stay with the system, and a tenth of the heap is overhead.
 *
 * @example
 * planExecutors({ nodes: 6, cores: 16, memory: 64 * 2 ** 30, master: "yarn", workload: "etl" }).count; // 17
 */
export function planExecutors({ nodes, cores, memory, master }: SparkInputs, given?: number): Executors {
  const each = coresOfEach(cores - 1);
  // No executor is worth its start with less than 1 GiB of heap.
  const room = Math.floor((memory - GIB) / (GIB + LEAST_OVERHEAD));
  const perNode = Math.max(1, Math.min(Math.floor((cores - 1) / each), room));
  const count = Math.max(1, nodes * perNode - (master.startsWith("yarn") ? 1 : 0));
  const container = (memory - GIB) / perNode;
  const fitting = Math.min(container / 1.1, container - LEAST_OVERHEAD);
  const step = fitting < 2 * GIB ? MIB : GIB;
  const heap = given ?? Math.max(LEAST_HEAP, Math.floor(fitting / step) * step);
  return { perNode, count, cores: each, heap, overhead: Math.max(LEAST_OVERHEAD, 0.1 * heap) };
}

/** With 5 cores each, 2 of the 7 that a machine of 8 has to give would stay idle; with 3 it is 1. */
function coresOfEach(available: number): number {
  const used = (each: number) => each * Math.floor(available / each);
  const choices = [MOST_CORES, 4, 3].filter((each) => each <= available);
  return choices.reduce((best, each) => (used(each) > used(best) ? each : best), choices[0] ?? Math.max(1, available));
}
