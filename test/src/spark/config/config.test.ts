import { describe, expect, test } from "vitest";
import { UsageError } from "../../../../src/errors.ts";
import { formatSparkConfig, type SparkConfig, sparkConfig } from "../../../../src/spark/config/config.ts";

const GIB = 2 ** 30;

const settingOf = (config: SparkConfig, key: string): string | undefined =>
  config.settings.find((setting) => setting.key === key)?.value;

describe("sparkConfig", () => {
  test.each([
    [6, 16, 64, "17", "5", "19g"],
    [10, 32, 250, "59", "5", "37g"],
  ])("%i machines of %i cores and %i GiB on YARN", async (nodes, cores, memory, instances, each, heap) => {
    const config = await sparkConfig(undefined, { nodes, cores, memory: memory * GIB, master: "yarn" });
    expect(settingOf(config, "spark.executor.instances")).toBe(instances);
    expect(settingOf(config, "spark.executor.cores")).toBe(each);
    expect(settingOf(config, "spark.executor.memory")).toBe(heap);
  });

  test("heap and overhead of all executors fit into a machine", async () => {
    for (const memory of [16, 33, 64, 128, 500]) {
      const config = await sparkConfig(undefined, { nodes: 3, cores: 16, memory: memory * GIB });
      const heap = Number.parseInt(settingOf(config, "spark.executor.memory") ?? "", 10) * GIB;
      const overhead = Number.parseInt(settingOf(config, "spark.executor.memoryOverhead") ?? "", 10) * 2 ** 20;
      expect(3 * (heap + overhead)).toBeLessThanOrEqual(memory * GIB);
    }
  });

  test("given values win: the settings of the hybrid example", async () => {
    const config = await sparkConfig(undefined, {
      driverMemory: 8 * GIB,
      executorMemory: 4 * GIB,
      shufflePartitions: 200,
    });
    expect(formatSparkConfig(config, "spark-submit")).toContain("--driver-memory 8g");
    expect(settingOf(config, "spark.executor.memory")).toBe("4g");
    expect(settingOf(config, "spark.sql.shuffle.partitions")).toBe("200");
  });

  test("a format is exactly the file, and what would have no effect there is a comment", async () => {
    const config = await sparkConfig(undefined, { cores: 4, memory: 16 * GIB });
    const defaults = formatSparkConfig(config, "spark-defaults").trimEnd().split("\n");
    expect(defaults).toHaveLength(config.settings.length);
    for (const line of defaults) expect(line).toMatch(/^spark\.\S+ {2,}\S+$/);
    expect(formatSparkConfig(config, "pyspark")).toMatch(/# at the launch.*--driver-memory 4g/);
    expect(formatSparkConfig(config, "pyspark")).not.toMatch(/config\("spark.driver.memory"/);
    expect(JSON.parse(formatSparkConfig(config, "json"))["spark.sql.adaptive.enabled"]).toBe("true");
  });

  test("impossible options are refused", async () => {
    await expect(sparkConfig(undefined, { nodes: 0 })).rejects.toThrow(UsageError);
    await expect(sparkConfig(undefined, { memory: 1024 })).rejects.toThrow(UsageError);
  });
});
