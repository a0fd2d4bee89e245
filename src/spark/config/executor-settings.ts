import { formatBytes } from "../../units.ts";
import type { Executors } from "./executors.ts";
import { sparkSize } from "./spark-size.ts";
import type { GivenSettings, Setting, SparkInputs } from "./types.ts";

const MIB = 2 ** 20;

/** What an executor gets, and how many there are. */
export function executorSettings(
  { memory, nodes, cores, master }: SparkInputs,
  plan: Executors,
  given: number | undefined,
): Setting[] {
  const settings: Setting[] = [
    {
      key: "spark.executor.cores",
      value: String(plan.cores),
      formula: `at most 5, so that the fewest of ${cores} − 1 are idle`,
      reason: "more than 5 tasks in one JVM slow each other down on HDFS and in garbage collection",
      class: "static",
    },
    instances({ nodes, master }, plan),
    {
      key: "spark.executor.memory",
      value: sparkSize(plan.heap),
      formula: given === undefined ? `(${formatBytes(memory)} − 1 GiB) / ${plan.perNode}, less the overhead` : "given",
      reason: "what is left of a machine, shared by its executors, less their overhead",
      class: "static",
    },
    {
      key: "spark.executor.memoryOverhead",
      value: `${Math.ceil(plan.overhead / MIB)}m`,
      formula: `max(384 MiB, 0.10 × ${sparkSize(plan.heap)})`,
      reason: "off-heap memory that the cluster manager counts",
      class: "static",
    },
  ];
  return settings;
}

/** Spark's own cluster manager counts cores; the number of executors is for YARN and Kubernetes. */
function instances(
  { nodes, master }: Pick<SparkInputs, "nodes" | "master">,
  { perNode, count, cores }: Executors,
): Setting {
  const reason = "one core and 1 GiB of each machine stay with the system";
  if (master.startsWith("spark://"))
    return {
      key: "spark.cores.max",
      value: String(count * cores),
      formula: `${nodes} × ${perNode} executors × ${cores} cores`,
      reason,
      class: "static",
    };
  return {
    key: "spark.executor.instances",
    value: String(count),
    formula: `${nodes} × ${perNode}${master.startsWith("yarn") ? " − 1 for the application master" : ""}`,
    reason,
    class: "static",
  };
}

/** In local mode an executor's memory has no effect, but a person who gave it wants to see it in the file. */
export function givenExecutor({ executorMemory }: GivenSettings): Setting[] {
  if (executorMemory === undefined) return [];
  return [
    {
      key: "spark.executor.memory",
      value: sparkSize(executorMemory),
      formula: "given",
      reason: "has no effect with a local master: all work happens in the driver",
      class: "static",
    },
  ];
}
