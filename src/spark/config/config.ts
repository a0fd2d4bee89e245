import { UsageError } from "../../errors.ts";
import type { DataFrame } from "../../frame/frame.ts";
import { profile } from "../../profile/profile.ts";
import type { Profile } from "../../profile/types.ts";
import { formatBytes } from "../../units.ts";
import { machine } from "../../verdict/machine.ts";
import { settingsFor } from "./rules.ts";
import type { SparkConfig, SparkConfigOptions, SparkInputs } from "./types.ts";

export { formatSparkConfig, type SparkConfigFormat } from "./formats.ts";
export { sparkConfigDocument } from "./report.ts";
export type { SparkConfig, SparkConfigOptions } from "./types.ts";

/**
 * Spark settings for data and a machine or cluster, each with value, formula, reason and class (launch, static, runtime).
 * The data's size comes from its profile, or from its estimate when it has none yet.
 *
 * @throws {UsageError} for options that no cluster can have, and for a source that does not exist
 * @example
 * const { settings } = await sparkConfig(undefined, { nodes: 6, cores: 16, memory: 64 * 2 ** 30, master: "yarn" });
 */
export async function sparkConfig(
  source?: string | DataFrame | Profile,
  options: SparkConfigOptions = {},
): Promise<SparkConfig> {
  check(options);
  const data = source === undefined ? undefined : await profileOf(source, options);
  const here = machine();
  const isCluster =
    options.nodes !== undefined || (options.master !== undefined && !options.master.startsWith("local"));
  const inputs: SparkInputs = {
    nodes: options.nodes ?? 1,
    cores: options.cores ?? here.cores,
    memory: options.memory ?? here.memory,
    master: options.master ?? (isCluster ? "yarn" : "local[*]"),
    workload: options.workload ?? "etl",
    dataBytes: data && (data.sizes.file || data.sizes.arrow),
    memoryBytes: data?.sizes.arrow,
  };
  return { settings: settingsFor(inputs, options), inputs, notes: notesFor(data) };
}

async function profileOf(source: string | DataFrame | Profile, options: SparkConfigOptions): Promise<Profile> {
  if (typeof source === "object" && "verdict" in source && "sizes" in source) return source as Profile;
  // A kept profile is exact and costs nothing; without one the estimate is enough.
  const { signal, onProgress, cwd } = options;
  return profile(source as string | DataFrame, { signal, onProgress, cwd, fast: true });
}

function notesFor(data: Profile | undefined): string[] {
  if (!data) return ["No data was named: sizes are for the machine alone. Name the source for partitions that fit it."];
  const { verdict, sizes } = data;
  if (verdict.choice !== "local") return [];
  return [
    `This data (${formatBytes(sizes.file || sizes.arrow)}) does not need Spark on this machine: ${verdict.reason}.`,
  ];
}

function check({ nodes, cores, memory }: SparkConfigOptions): void {
  for (const [name, value] of Object.entries({ nodes, cores }))
    if (value !== undefined && (!Number.isInteger(value) || value < 1))
      throw new UsageError("E_BAD_OPTION", `--${name} ${value} is not a whole number from 1`, {
        hint: `write --${name} 4`,
      });
  if (memory !== undefined && memory < 2 ** 30)
    throw new UsageError("E_BAD_OPTION", `--memory ${formatBytes(memory)} is too little for Spark`, {
      hint: "give the memory of one machine, as in --memory 64g",
    });
}
