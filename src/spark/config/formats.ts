import type { Setting, SparkConfig } from "./types.ts";

const SPARK_CONFIG_FORMATS = [
  "table",
  "spark-defaults",
  "spark-submit",
  "pyspark",
  "scala",
  "typescript",
  "json",
] as const;

export type SparkConfigFormat = (typeof SPARK_CONFIG_FORMATS)[number];

/**
 * The settings as a file or as code: exactly what is to be saved or pasted. Settings that would have no effect there are comments.
 *
 * @example
 * formatSparkConfig(await sparkConfig(), "spark-defaults"); // "spark.master  local[*]\n…"
 */
export function formatSparkConfig({ settings }: SparkConfig, format: SparkConfigFormat): string {
  return `${WRITERS[format](settings).join("\n")}\n`;
}

const WRITERS: Readonly<Record<SparkConfigFormat, (settings: readonly Setting[]) => string[]>> = {
  table: (settings) => settings.map(({ key, value, class: kind }) => `${key}\t${value}\t${kind}`),
  "spark-defaults": (settings) => {
    const width = Math.max(...settings.map(({ key }) => key.length)) + 2;
    return settings.map(({ key, value }) => key.padEnd(width) + value);
  },
  "spark-submit": (settings) => [
    "spark-submit \\",
    ...settings.map((setting) => `  ${submitFlag(setting)} \\`),
    "  APPLICATION",
  ],
  pyspark: (settings) =>
    builder(
      settings,
      "from pyspark.sql import SparkSession",
      "spark = (",
      (key, value) => `    .config(${quote(key)}, ${quote(value)})`,
      "    .getOrCreate()\n)",
      "#",
    ),
  scala: (settings) =>
    builder(
      settings,
      "import org.apache.spark.sql.SparkSession",
      "val spark = ",
      (key, value) => `  .config(${quote(key)}, ${quote(value)})`,
      "  .getOrCreate()",
      "//",
    ),
  typescript: (settings) =>
    builder(
      settings,
      'import { SparkSession } from "outgrow";',
      "const spark = await ",
      (key, value) => `  .config(${quote(key)}, ${quote(value)})`,
      "  .getOrCreate();",
      "//",
    ),
  json: (settings) => [JSON.stringify(Object.fromEntries(settings.map(({ key, value }) => [key, value])), null, 2)],
};

const OWN_FLAGS: Readonly<Record<string, string>> = {
  "spark.master": "--master",
  "spark.driver.memory": "--driver-memory",
  "spark.executor.memory": "--executor-memory",
  "spark.executor.cores": "--executor-cores",
  "spark.executor.instances": "--num-executors",
};

function submitFlag({ key, value }: Setting): string {
  const flag = OWN_FLAGS[key];
  return flag ? `${flag} ${shellQuote(value)}` : `--conf ${shellQuote(`${key}=${value}`)}`;
}

/** What the JVM must know at its launch comes too late in a builder, so it stands there as a comment. */
function builder(
  settings: readonly Setting[],
  head: string,
  open: string,
  line: (key: string, value: string) => string,
  close: string,
  comment: string,
): string[] {
  const late = settings.filter(({ class: kind, key }) => kind === "launch" && key !== "spark.master");
  const set = settings.filter((setting) => !late.includes(setting));
  return [
    head,
    "",
    ...late.map(
      ({ key, value }) => `${comment} at the launch, it has no effect here: ${submitFlag({ key, value } as Setting)}`,
    ),
    `${open}SparkSession.builder`,
    ...set.map(({ key, value }) => line(key, value)),
    close,
  ];
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}
