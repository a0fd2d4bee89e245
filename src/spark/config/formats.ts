import { nearest, UsageError } from "../../errors.ts";
import type { Setting, SparkConfig } from "./types.ts";

export type SparkConfigFormat =
  | "table"
  | "spark-defaults"
  | "spark-submit"
  | "pyspark"
  | "scala"
  | "typescript"
  | "json";

/**
 * The settings as a file or as code: exactly what is to be saved or pasted. Settings that would have no effect there are comments.
 *
 * @throws {UsageError} E_BAD_OPTION for a format that there is not
 * @example
 * formatSparkConfig(await sparkConfig(), "spark-defaults"); // "spark.master  local[*]\n…"
 */
export function formatSparkConfig({ settings }: SparkConfig, format: SparkConfigFormat): string {
  if (!Object.hasOwn(WRITERS, format)) {
    const near = nearest(format, Object.keys(WRITERS), 1)[0];
    throw new UsageError("E_BAD_OPTION", `there is no format "${format}"`, {
      hint: near ? `did you mean ${near}?` : `there are ${Object.keys(WRITERS).join(", ")}`,
    });
  }
  return `${WRITERS[format](settings).join("\n")}\n`;
}

const WRITERS: Readonly<Record<SparkConfigFormat, (settings: readonly Setting[]) => string[]>> = {
  table: (settings) => {
    const rows = [["setting", "value", "when"], ...settings.map(({ key, value, class: kind }) => [key, value, kind])];
    const widths = [0, 1].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)) + 2);
    return rows.map((row) =>
      row
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join("")
        .trimEnd(),
    );
  },
  "spark-defaults": (settings) => {
    const width = Math.max(...settings.map(({ key }) => key.length)) + 2;
    // Properties files read a backslash as an escape.
    return settings.map(({ key, value }) => key.padEnd(width) + value.replaceAll("\\", "\\\\"));
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
  typescript: (settings) => [
    "export const settings = {",
    ...settings.map(({ key, value, class: kind }) => {
      const line = `  ${quote(key)}: ${quote(value)},`;
      return isLate({ key, class: kind }) ? `${line} // ${LATE}` : line;
    }),
    "} as const;",
  ],
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
  const late = settings.filter(isLate);
  const set = settings.filter((setting) => !isLate(setting));
  return [
    head,
    "",
    ...late.map((setting) => `${comment} ${LATE}: ${submitFlag(setting)}`),
    `${open}SparkSession.builder`,
    ...set.map(({ key, value }) => line(key, value)),
    close,
  ];
}

const LATE = "at the launch, it has no effect here";

function isLate({ key, class: kind }: Pick<Setting, "key" | "class">): boolean {
  return kind === "launch" && key !== "spark.master";
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}
