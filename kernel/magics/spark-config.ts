import type { Profile } from "../../src/profile/types.ts";
import { withProgress } from "../display/progress.ts";
import { optionsOf } from "./invoke.ts";
import type { MagicContext, MagicDefinition, SourceWord } from "./magic.ts";
import { COMMON } from "./options.ts";
import { sourceOf } from "./source.ts";

const FORMATS = ["table", "spark-defaults", "spark-submit", "pyspark", "scala", "typescript", "json"] as const;
const WORKLOADS = ["etl", "sql", "ml", "collect"] as const;

const options = {
  nodes: {
    kind: "count",
    value: "N",
    min: 1,
    max: 100_000,
    summary: "machines of the cluster; left out: this machine",
  },
  cores: { kind: "count", value: "N", min: 1, max: 4096, summary: "processor cores of one machine" },
  memory: { kind: "bytes", value: "BYTES", min: 2 ** 29, summary: "memory of one machine: 64g" },
  master: { kind: "text", value: "URL", summary: "local[*], yarn, k8s://… or spark://…" },
  workload: { kind: "choice", choices: WORKLOADS, summary: "what the job mostly does" },
  "driver-memory": { kind: "bytes", value: "BYTES", min: 2 ** 29, summary: "set it yourself: 8g" },
  "executor-memory": { kind: "bytes", value: "BYTES", min: 2 ** 29, summary: "set it yourself: 4g" },
  "shuffle-partitions": { kind: "count", value: "N", min: 1, max: 1_000_000, summary: "set it yourself: 200" },
  format: {
    kind: "choice",
    choices: FORMATS,
    default: "table",
    summary: "the table, or exactly the file or code to use",
  },
  output: COMMON.output,
  quiet: COMMON.quiet,
} as const;

export const sparkConfig: MagicDefinition = {
  name: "spark-config",
  forms: ["%"],
  summary: "Spark settings for this data and machine, with reasons",
  args: [
    {
      name: "SOURCE",
      required: false,
      complete: "source",
      summary: "the data that the job reads: a file, folder or pattern, or a variable with a frame or a profile",
    },
  ],
  options,
  examples: [
    "%spark-config data/sales.csv",
    "%spark-config data/ --nodes 6 --cores 16 --memory 64g --format spark-submit",
  ],
  standsFor: 'sparkConfig("data/sales.csv")',
  body: "none",
  async run(invocation, context) {
    const given = optionsOf(options, invocation);
    const { SOURCE } = invocation.args;
    const source = SOURCE === undefined ? undefined : await sourceOrProfile(SOURCE as SourceWord, context);
    const library = await import("../../src/spark/config/config.ts");
    const config = await withProgress(context.progress(), (onProgress) =>
      library.sparkConfig(source, {
        nodes: given.nodes,
        cores: given.cores,
        memory: given.memory,
        master: given.master,
        workload: WORKLOADS.find((one) => one === given.workload),
        driverMemory: given["driver-memory"],
        executorMemory: given["executor-memory"],
        shufflePartitions: given["shuffle-partitions"],
        signal: context.signal,
        cwd: context.cwd,
        onProgress,
      }),
    );
    const format = FORMATS.find((one) => one === given.format) ?? "table";
    if (given.quiet) return config;
    if (format === "table") context.show(library.sparkConfigDocument(config));
    else context.print(library.formatSparkConfig(config, format));
    return config;
  },
};

/** A profile that was kept with `-o` says all that is needed of the data. */
async function sourceOrProfile(
  word: SourceWord,
  context: MagicContext,
): Promise<Awaited<ReturnType<typeof sourceOf>> | Profile> {
  const value =
    word.kind === "variable" ? context.variables.get(word.name) : word.kind === "value" ? word.value : undefined;
  const isProfile = typeof value === "object" && value !== null && "verdict" in value && "sizes" in value;
  return isProfile ? (value as Profile) : sourceOf(word, context);
}
