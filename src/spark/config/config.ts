import { isTable, type Table } from "../../frame/arrow.ts";
import { type DataFrame, isFrame } from "../../frame/frame.ts";
import { type Profile, profile } from "../../profile/profile.ts";
import { formatBytes } from "../../units.ts";
import { machine } from "../../verdict/machine.ts";
import { type CheckedOptions, checkOptions } from "./check.ts";
import { planExecutors } from "./executors.ts";
import { settingsFor } from "./rules.ts";
import type { SparkConfig, SparkConfigOptions, SparkInputs } from "./types.ts";

export { formatSparkConfig, type SparkConfigFormat } from "./formats.ts";
export { sparkConfigDocument } from "./report.ts";
export type { Setting, SparkConfig, SparkConfigOptions } from "./types.ts";

const COMPRESSED_POINTERS = 32 * 2 ** 30;

/**
 * Spark settings for data and a machine or cluster, each with value, formula, reason and class (launch, static, runtime).
 * The data's size comes from its profile, or from its estimate when it has none yet. Sizes are bytes or text as in `"64g"`.
 *
 * @throws {UsageError} for options that no cluster can have, and for a source that does not exist
 * @throws {Interrupted} when `signal` is aborted
 * @example
 * const { settings } = await sparkConfig("transactions.parquet", { nodes: 6, cores: 16, memory: "64g", master: "yarn" });
 */
export async function sparkConfig(
  source?: string | DataFrame | Table | Profile | object,
  options: SparkConfigOptions = {},
): Promise<SparkConfig> {
  const given = checkOptions(options);
  const data = source === undefined ? undefined : await profileOf(source, options);
  const inputs = inputsOf(given, data);
  return { settings: settingsFor(inputs, given), inputs, notes: notesFor(inputs, given, data) };
}

function inputsOf(given: CheckedOptions, data: Profile | undefined): SparkInputs {
  const here = machine();
  const isCluster = given.nodes !== undefined || (given.master !== undefined && !given.master.startsWith("local"));
  const local = given.cores === undefined ? "local[*]" : `local[${given.cores}]`;
  return {
    nodes: given.nodes ?? 1,
    cores: given.cores ?? here.cores,
    memory: given.memory ?? here.memory,
    master: given.master ?? (isCluster ? "yarn" : local),
    workload: given.workload ?? "etl",
    dataBytes: data && (data.sizes.file || data.sizes.arrow),
    memoryBytes: data?.sizes.arrow,
  };
}

async function profileOf(source: string | object, { signal, onProgress, cwd }: SparkConfigOptions): Promise<Profile> {
  const isProfile =
    typeof source === "object" && !isFrame(source) && !isTable(source) && "verdict" in source && "sizes" in source;
  if (isProfile) return source as Profile;
  // A kept profile is exact and costs nothing; without one the estimate is enough.
  return profile(source, { signal, onProgress, cwd, fast: true });
}

function notesFor(inputs: SparkInputs, given: CheckedOptions, data: Profile | undefined): string[] {
  const notes: string[] = [];
  if (!data)
    notes.push("No data was named: sizes are for the machine alone. Name the source for partitions that fit it.");
  else if (!data.exact) notes.push("The size of the data is an estimate from a sample.");
  if (data?.verdict.choice === "local")
    notes.push(
      `This data (${formatBytes(data.sizes.file || data.sizes.arrow)}) does not need Spark on this machine: ${data.verdict.reason}.`,
    );
  if (inputs.master.startsWith("local")) return notes;
  const { heap, overhead, perNode } = planExecutors(inputs, given.executorMemory);
  if (heap >= COMPRESSED_POINTERS)
    notes.push(
      "From 32 GiB a heap loses its compressed pointers and long garbage collections begin: --executor-memory 31g holds as much.",
    );
  if (perNode * (heap + overhead) > inputs.memory)
    notes.push(
      `${perNode} executors of ${formatBytes(heap)} and their overhead do not fit into ${formatBytes(inputs.memory)}: the cluster would start fewer.`,
    );
  return notes;
}
