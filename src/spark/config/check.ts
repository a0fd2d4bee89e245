import { nearest, UsageError } from "../../errors.ts";
import { formatBytes, parseBytes } from "../../units.ts";
import type { GivenSettings, SparkConfigOptions, Workload } from "./types.ts";

const WORKLOADS: readonly Workload[] = ["etl", "sql", "ml", "collect"];
/** Spark reserves 300 MiB and refuses a heap of less than one and a half of it. */
const LEAST_HEAP = 450 * 2 ** 20;
const GIB = 2 ** 30;
const MASTER = /^(local(\[(\*|\d+)(, ?\d+)?\])?|yarn|spark:\/\/.+|k8s:\/\/.+)$/;

export interface CheckedOptions extends GivenSettings {
  readonly nodes?: number | undefined;
  readonly cores?: number | undefined;
  readonly memory?: number | undefined;
  readonly master?: string | undefined;
  readonly workload?: Workload | undefined;
}

/**
 * Options in plain numbers.
 *
 * @throws {UsageError} E_BAD_OPTION, E_BAD_SIZE for what no cluster can have
 */
export function checkOptions(options: SparkConfigOptions): CheckedOptions {
  const { nodes, cores, shufflePartitions, master, workload } = options;
  for (const [name, value] of Object.entries({ nodes, cores, "shuffle-partitions": shufflePartitions }))
    if (value !== undefined && (!Number.isInteger(value) || value < 1))
      throw bad(`--${name} ${value} is not a whole number from 1`, `write --${name} 4`);
  if (workload !== undefined && !WORKLOADS.includes(workload)) {
    const near = nearest(workload, WORKLOADS, 1)[0];
    throw bad(
      `there is no workload "${workload}"`,
      near ? `did you mean ${near}?` : `there are ${WORKLOADS.join(", ")}`,
    );
  }
  if (master !== undefined && !MASTER.test(master))
    throw bad(`"${master}" is not a master`, "write local[*], yarn, spark://HOST:7077 or k8s://https://HOST:6443");
  if (master?.startsWith("local") && (nodes ?? 1) > 1)
    throw bad(`a local master has one machine, not ${nodes}`, "leave --nodes out, or name the cluster with --master");
  const memory = bytesOf(options.memory);
  if (memory !== undefined && memory < GIB)
    throw bad(
      `--memory ${formatBytes(memory)} is too little for Spark`,
      "give the memory of one machine, as in --memory 64g",
    );
  const [driverMemory, executorMemory] = [bytesOf(options.driverMemory), bytesOf(options.executorMemory)];
  for (const [name, value] of Object.entries({ "driver-memory": driverMemory, "executor-memory": executorMemory })) {
    if (value !== undefined && value < LEAST_HEAP)
      throw bad(
        `--${name} ${formatBytes(value)} is less than the 450 MiB that Spark starts with`,
        `write --${name} 1g`,
      );
    if (value !== undefined && memory !== undefined && value > memory)
      throw bad(
        `--${name} ${formatBytes(value)} is more than a machine has (${formatBytes(memory)})`,
        `lower --${name}, or raise --memory`,
      );
  }
  return { nodes, cores, memory, master, workload, driverMemory, executorMemory, shufflePartitions };
}

function bytesOf(given: number | string | undefined): number | undefined {
  const bytes = typeof given === "string" ? parseBytes(given) : given;
  if (bytes !== undefined && !(bytes > 0)) throw bad(`${bytes} is not a size`, "write a number with a unit, as in 64g");
  return bytes;
}

function bad(message: string, hint: string): UsageError {
  return new UsageError("E_BAD_OPTION", message, { hint });
}
