import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { frameFromColumns } from "../../../../src/frame/frame.ts";
import { profile } from "../../../../src/profile/profile.ts";
import {
  formatSparkConfig,
  type SparkConfig,
  type SparkConfigFormat,
  type SparkConfigOptions,
  sparkConfig,
  sparkConfigDocument,
} from "../../../../src/spark/config/config.ts";
import { parseBytes } from "../../../../src/units.ts";

const dir = mkdtempSync(path.join(tmpdir(), "outgrow-spark-config-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const value = (config: SparkConfig, key: string) => config.settings.find((setting) => setting.key === key)?.value;
const bytes = (config: SparkConfig, key: string) => parseBytes(value(config, key) ?? "");
const MIB = 2 ** 20;

describe("settings from data", () => {
  test("a small file gets as many partitions as cores, and a word that Spark is not needed", async () => {
    const file = path.join(dir, "small.csv");
    writeFileSync(file, `a,b\n${Array.from({ length: 500 }, (_, i) => `${i},x`).join("\n")}\n`);
    const config = await sparkConfig(file, { cores: 4 });
    expect(value(config, "spark.master")).toBe("local[4]");
    expect(value(config, "spark.sql.shuffle.partitions")).toBe("4");
    expect(config.notes.join(" ")).toContain("does not need Spark");
    await expect(sparkConfig(path.join(dir, "smal.csv"))).rejects.toMatchObject({
      code: "E_NO_FILE",
      hint: 'did you mean "small.csv"?',
    });
  });

  test("a profile and a frame say the size too", async () => {
    const frame = frameFromColumns([{ name: "a", type: "float64", values: new Float64Array(1000) }]);
    const made = await profile(frame);
    const [byProfile, byFrame] = [await sparkConfig(made, { cores: 2 }), await sparkConfig(frame, { cores: 2 })];
    expect(byProfile.inputs.memoryBytes).toBe(made.sizes.arrow);
    expect(byFrame.settings).toEqual(byProfile.settings);
  });

  test("partitions hold about 128 MiB each, in multiples of the cores", async () => {
    const made = await profile(frameFromColumns([{ name: "a", type: "float64", values: new Float64Array(10) }]));
    const cluster = { nodes: 6, cores: 16, memory: "64g", master: "yarn" };
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5_000 }), async (gib) => {
        const size = gib * 2 ** 30;
        const config = await sparkConfig({ ...made, sizes: { ...made.sizes, file: size, arrow: size } }, cluster);
        const partitions = Number(value(config, "spark.sql.shuffle.partitions"));
        expect(partitions % 85).toBe(0);
        const target = Math.max(128 * MIB, Math.ceil(size / 20_000 / MIB) * MIB);
        expect(size / partitions).toBeLessThanOrEqual(target);
        expect((partitions - 85) * target).toBeLessThan(size);
        expect(bytes(config, "spark.sql.files.maxPartitionBytes")).toBeLessThanOrEqual(128 * MIB);
        expect(value(config, "spark.sql.adaptive.coalescePartitions.parallelismFirst")).toBe(
          gib >= 10 ? "false" : undefined,
        );
      }),
      { seed: 20260103, numRuns: 60 },
    );
  });
});

test("from a megabyte to ten terabytes there are never more partitions than the driver can keep", async () => {
  const made = await profile(frameFromColumns([{ name: "a", type: "float64", values: new Float64Array(10) }]));
  for (const [size, most] of [
    [1e6, 85],
    [1e9, 85],
    [1e12, 85 * 88],
    [1e13, 20_000],
    [5e13, 20_000],
  ] as const) {
    const config = await sparkConfig(
      { ...made, sizes: { ...made.sizes, file: size, arrow: size } },
      { nodes: 6, cores: 16, memory: "64g", master: "yarn" },
    );
    const partitions = Number(value(config, "spark.sql.shuffle.partitions"));
    expect(partitions).toBeLessThanOrEqual(most + 85);
    expect(partitions % 85).toBe(0);
  }
});

describe("settings from the machine or cluster", () => {
  const options = fc.record(
    {
      nodes: fc.integer({ min: 1, max: 200 }),
      cores: fc.integer({ min: 1, max: 128 }),
      memory: fc.integer({ min: 1, max: 1000 }).map((gib) => `${gib}g`),
      master: fc.constantFrom("yarn", "spark://host:7077", "k8s://https://host:6443"),
      workload: fc.constantFrom("etl" as const, "sql" as const, "ml" as const, "collect" as const),
    },
    { requiredKeys: ["memory", "cores"] },
  );

  test("whatever the cluster, the settings are sound", async () => {
    await fc.assert(
      fc.asyncProperty(options, async (given) => {
        const config = await sparkConfig(undefined, given as SparkConfigOptions);
        const keys = config.settings.map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        for (const { key, value, formula, reason } of config.settings) {
          expect(value, key).not.toMatch(/NaN|undefined|Infinity|^-|^0[a-z]?$/);
          expect(formula.length * reason.length, key).toBeGreaterThan(0);
        }
        expect(bytes(config, "spark.driver.memory")).toBeGreaterThanOrEqual(450 * MIB);
        expect(bytes(config, "spark.driver.maxResultSize")).toBeLessThanOrEqual(
          bytes(config, "spark.driver.memory") / 2,
        );
        if (config.inputs.master.startsWith("local")) return;
        expect(Number(value(config, "spark.executor.cores"))).toBeLessThanOrEqual(5);
        expect(bytes(config, "spark.executor.memory")).toBeGreaterThanOrEqual(450 * MIB);
        expect(bytes(config, "spark.driver.memory")).toBeLessThanOrEqual(config.inputs.memory / 2);
        const each = Number(value(config, "spark.executor.cores"));
        const isStandalone = config.inputs.master.startsWith("spark:");
        expect(keys.includes("spark.cores.max")).toBe(isStandalone);
        expect(keys.includes("spark.executor.instances")).toBe(!isStandalone);
        const executors = isStandalone
          ? Number(value(config, "spark.cores.max")) / each
          : Number(value(config, "spark.executor.instances"));
        const perNode = Math.ceil(executors / config.inputs.nodes);
        expect(perNode * each).toBeLessThanOrEqual(Math.max(1, config.inputs.cores - 1));
        const container = bytes(config, "spark.executor.memory") + bytes(config, "spark.executor.memoryOverhead");
        expect(perNode * container).toBeLessThanOrEqual(config.inputs.memory);
        expect(bytes(config, "spark.executor.memoryOverhead")).toBeGreaterThanOrEqual(384 * MIB);
      }),
      { seed: 20260104, numRuns: 200 },
    );
  });

  test.each([
    [4, "3"],
    [8, "3"],
    [10, "3"],
    [12, "5"],
    [16, "5"],
    [2, "1"],
    [1, "1"],
  ])("of %i cores an executor gets as many as leave few idle", async (cores, each) => {
    const config = await sparkConfig(undefined, { nodes: 4, cores, memory: "64g", master: "yarn" });
    expect(value(config, "spark.executor.cores")).toBe(each);
  });

  test("heaps past the compressed pointers, and executors that do not fit, are told", async () => {
    const large = await sparkConfig(undefined, { nodes: 10, cores: 32, memory: "250g", master: "yarn" });
    expect(large.notes.join(" ")).toContain("--executor-memory 31g");
    const full = await sparkConfig(undefined, { nodes: 2, cores: 16, memory: "32g", executorMemory: "16g" });
    expect(full.notes.join(" ")).toContain("do not fit into 32.0 GiB");
  });

  test.each<[SparkConfigOptions, string]>([
    [{ nodes: 1.5 }, "--nodes 1.5"],
    [{ cores: 0 }, "--cores 0"],
    [{ shufflePartitions: -3 }, "--shuffle-partitions -3"],
    [{ memory: "12x" }, '"12x"'],
    [{ memory: "100m" }, "--memory"],
    [{ master: "localhost" }, '"localhost" is not a master'],
    [{ master: "local[*]", nodes: 3 }, "a local master has one machine"],
    [{ driverMemory: "64m" }, "--driver-memory"],
    [{ memory: "8g", driverMemory: "16g" }, "more than a machine has"],
    [{ workload: "sqll" as "sql" }, 'no workload "sqll"'],
  ])("%o is refused with the fix", async (given, words) => {
    const refused = sparkConfig(undefined, given);
    await expect(refused).rejects.toMatchObject({ name: "UsageError", message: expect.stringContaining(words) });
    await expect(refused).rejects.toHaveProperty("hint", expect.stringMatching(/\w/));
  });
});

describe("formats", () => {
  const odd = async () => {
    const config = await sparkConfig(undefined, { cores: 2, memory: "8g" });
    const extra = {
      key: "spark.app.name",
      value: `it's "my" $HOME \\ job`,
      formula: "",
      reason: "",
      class: "static",
    } as const;
    return { ...config, settings: [...config.settings, extra] };
  };

  test("a shell gives spark-submit every word as it is meant", async () => {
    const config = await odd();
    const script = formatSparkConfig(config, "spark-submit").replace("spark-submit", "printf '%s\\n'");
    const words = execFileSync("sh", ["-c", script], { encoding: "utf8" }).trimEnd().split("\n");
    for (const { key, value } of config.settings) {
      const at = words.indexOf(`${key}=${value}`);
      if (at >= 0) expect(words[at - 1]).toBe("--conf");
      else
        expect(
          words[
            words.indexOf({ "spark.master": "--master", "spark.driver.memory": "--driver-memory" }[key] ?? key) + 1
          ],
        ).toBe(value);
    }
    expect(words.at(-1)).toBe("APPLICATION");
  });

  test("code sets what can still be set, and tells the rest", async () => {
    const config = await odd();
    for (const format of ["pyspark", "scala"] as const) {
      const code = formatSparkConfig(config, format);
      for (const { key, value, class: kind } of config.settings)
        expect(code.includes(`.config(${JSON.stringify(key)}, ${JSON.stringify(value)})`), key).toBe(
          kind !== "launch" || key === "spark.master",
        );
      expect(code).toContain("--driver-memory 2g");
    }
    const typescript = formatSparkConfig(config, "typescript")
      .replace("export const settings =", "return")
      .replace("as const", "");
    expect(new Function(typescript)()).toEqual(JSON.parse(formatSparkConfig(config, "json")));
  });

  test("the table is aligned, and an unknown format is refused", async () => {
    const lines = formatSparkConfig(await sparkConfig(), "table")
      .trimEnd()
      .split("\n");
    const starts = lines.map((line) => line.search(/(launch|static|runtime|when)$/));
    expect(new Set(starts).size).toBe(1);
    const config = await sparkConfig();
    expect(() => formatSparkConfig(config, "spark-default" as SparkConfigFormat)).toThrow(
      expect.objectContaining({ hint: "did you mean spark-defaults?" }),
    );
  });

  test("the report has every setting with formula and reason", async () => {
    const config = await sparkConfig();
    const [block] = sparkConfigDocument(config).blocks;
    expect(block?.kind === "table" && block.preview.rows.map((row) => row[0]?.text)).toEqual(
      config.settings.map(({ key }) => key),
    );
  });
});
