import { formatBytes } from "../../units.ts";
import { executorSettings, givenExecutor } from "./executor-settings.ts";
import { planExecutors } from "./executors.ts";
import { sparkSize } from "./spark-size.ts";
import type { GivenSettings, Setting, SparkInputs } from "./types.ts";

const GIB = 2 ** 30;
const MIB = 2 ** 20;
/** A task reads and a shuffle partition holds about this much. */
const PARTITION_BYTES = 128 * MIB;
/** Every map task keeps a block for every partition: past some ten thousand the driver is busy with nothing else. */
const MOST_PARTITIONS = 20_000;

/** Every setting for the inputs, with its formula filled in. Given values win over computed ones. */
export function settingsFor(inputs: SparkInputs, given: GivenSettings): Setting[] {
  const isLocal = inputs.master.startsWith("local");
  const executors = isLocal ? undefined : planExecutors(inputs, given.executorMemory);
  const parallel = executors ? executors.count * executors.cores : inputs.cores;
  return [
    {
      key: "spark.master",
      value: inputs.master,
      formula: isLocal ? `${inputs.cores} cores of this machine` : `${inputs.nodes} × ${inputs.cores} cores`,
      reason: isLocal ? "driver and executor are one process on this machine" : "the cluster that was named",
      class: "launch",
    },
    driverMemory(inputs, isLocal, given.driverMemory),
    maxResultSize(inputs, driverHeap(inputs, isLocal, given.driverMemory)),
    ...(executors ? executorSettings(inputs, executors, given.executorMemory) : givenExecutor(given)),
    shufflePartitions(inputs, parallel, given.shufflePartitions),
    ...adaptive(),
    ...advisory(inputs),
    partitionBytes(inputs, parallel),
    broadcast(inputs),
    ...(inputs.workload === "ml" ? kryo() : []),
  ];
}

function driverHeap({ memory, workload }: SparkInputs, isLocal: boolean, given: number | undefined): number {
  const share = driverShare(isLocal, workload);
  const wanted = Math.min(16 * GIB, Math.max(2 * GIB, Math.floor((memory * share) / GIB) * GIB));
  // A machine of less than 4 GiB keeps half for itself.
  return given ?? Math.min(wanted, Math.floor(memory / 2 / MIB) * MIB);
}

function driverShare(isLocal: boolean, workload: SparkInputs["workload"]): number {
  if (isLocal) return 0.25;
  return workload === "collect" ? 0.15 : 0.1;
}

function driverMemory(inputs: SparkInputs, isLocal: boolean, given: number | undefined): Setting {
  const share = driverShare(isLocal, inputs.workload);
  return {
    key: "spark.driver.memory",
    value: sparkSize(driverHeap(inputs, isLocal, given)),
    formula: given === undefined ? `clamp(${share} × ${formatBytes(inputs.memory)}, 2g, 16g), at most half` : "given",
    reason: isLocal
      ? "in local mode all work happens in the driver's heap; it must be on the launch command"
      : "plans, broadcasts and collected results; it must be on the launch command",
    class: "launch",
  };
}

function shufflePartitions(
  { memoryBytes, dataBytes }: SparkInputs,
  parallel: number,
  given: number | undefined,
): Setting {
  const bytes = memoryBytes ?? dataBytes;
  const target = Math.max(PARTITION_BYTES, Math.ceil((bytes ?? 0) / MOST_PARTITIONS / MIB) * MIB);
  const needed = bytes === undefined ? 2 * parallel : Math.max(parallel, Math.ceil(bytes / target));
  const value = Math.ceil(needed / parallel) * parallel;
  const formula =
    bytes === undefined
      ? `2 × ${parallel} cores`
      : `ceil(${formatBytes(bytes)} / ${target / MIB} MiB) to a multiple of ${parallel} cores`;
  return {
    key: "spark.sql.shuffle.partitions",
    value: String(given ?? value),
    formula: given === undefined ? formula : "given",
    reason: "the default of 200 makes hundreds of tiny tasks of small data and too large ones of big data",
    class: "runtime",
  };
}

function adaptive(): Setting[] {
  const on = (key: string, reason: string): Setting => ({
    key,
    value: "true",
    formula: "default, written down",
    reason,
    class: "runtime",
  });
  return [
    on("spark.sql.adaptive.enabled", "plans again with the sizes that were measured"),
    on("spark.sql.adaptive.coalescePartitions.enabled", "merges small shuffle partitions"),
    on("spark.sql.adaptive.skewJoin.enabled", "splits a partition that is 5 times the median and over 256 MiB"),
  ];
}

function partitionBytes({ dataBytes }: SparkInputs, parallel: number): Setting {
  const share = dataBytes === undefined ? PARTITION_BYTES : Math.ceil(dataBytes / parallel);
  const value = Math.min(PARTITION_BYTES, Math.max(4 * MIB, share));
  return {
    key: "spark.sql.files.maxPartitionBytes",
    value: `${Math.ceil(value / MIB)}m`,
    formula:
      dataBytes === undefined ? "default" : `clamp(${formatBytes(dataBytes)} / ${parallel} cores, 4 MiB, 128 MiB)`,
    reason: "every core gets something to read, no task more than 128 MiB",
    class: "runtime",
  };
}

/** Only a job that collects needs more than the default; half of the heap is left for the work itself. */
function maxResultSize({ memoryBytes, workload }: SparkInputs, heap: number): Setting {
  const wanted = workload === "collect" ? Math.max(GIB, 2 * (memoryBytes ?? 0)) : GIB;
  const formula =
    workload === "collect"
      ? `min(max(1g, 2 × ${memoryBytes === undefined ? "unknown data" : formatBytes(memoryBytes)}), 0.5 × ${sparkSize(heap)})`
      : `min(1g, 0.5 × ${sparkSize(heap)})`;
  return {
    key: "spark.driver.maxResultSize",
    value: sparkSize(Math.min(wanted, heap / 2)),
    formula,
    reason: "a collected result beyond it fails the job instead of the driver",
    class: "static",
  };
}

/** Larger targets pay for shuffles of many gigabytes; without the second setting the first is ignored. */
function advisory({ memoryBytes, dataBytes }: SparkInputs): Setting[] {
  const bytes = memoryBytes ?? dataBytes ?? 0;
  if (bytes < 10 * GIB) return [];
  return [
    {
      key: "spark.sql.adaptive.advisoryPartitionSizeInBytes",
      value: "128m",
      formula: `${formatBytes(bytes)} of data is 10 GiB or more`,
      reason: "fewer and larger tasks after a large shuffle; the default is 64m",
      class: "runtime",
    },
    {
      key: "spark.sql.adaptive.coalescePartitions.parallelismFirst",
      value: "false",
      formula: "set with the advisory size",
      reason: "while it is true the advisory size is ignored",
      class: "runtime",
    },
  ];
}

function broadcast({ workload }: SparkInputs): Setting {
  const isSql = workload === "sql";
  return {
    key: "spark.sql.autoBroadcastJoinThreshold",
    value: isSql ? "64m" : "10m",
    formula: isSql ? "64 MiB for star joins, at most 100 MiB" : "default",
    reason: "a smaller table of a join is sent to every executor instead of shuffling both",
    class: "runtime",
  };
}

function kryo(): Setting[] {
  return [
    {
      key: "spark.serializer",
      value: "org.apache.spark.serializer.KryoSerializer",
      formula: "for workload ml",
      reason: "models and RDD steps are smaller and faster than with Java's; data frames have their own",
      class: "static",
    },
    {
      key: "spark.kryoserializer.buffer.max",
      value: "512m",
      formula: "for workload ml",
      reason: "a model larger than the default of 64m fails to serialise",
      class: "static",
    },
  ];
}
