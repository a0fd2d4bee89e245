import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { makeArchive } from "../../../../src/spark/server/make-archive.ts";
import { resolveSettings } from "../../../../src/spark/server/settings.ts";
import { until } from "./processes.ts";

// The set-up of the tests has made the archive with the installation, so this is quick; else it is made now.
test("the archive holds Spark's classes, Java takes it, and it is made once", { timeout: 900_000 }, async () => {
  let archive = "";
  // Undefined while a server of another test is the one that makes it.
  const isMade = async (): Promise<boolean> => {
    archive = (await makeArchive()) ?? "";
    return archive !== "";
  };
  await until(isMade, "no archive was made");
  const { spark, java } = await resolveSettings({});
  const jars = path.join(spark.folder, "jars", "*");
  const flags = [`-XX:SharedArchiveFile=${archive}`, "-Xshare:on", "-Xlog:class+load"];
  const main = "org.apache.spark.deploy.SparkSubmit";
  const { stdout } = spawnSync(java.java, [...flags, "-cp", jars, main, "--version"], { encoding: "utf8" });
  expect(stdout).toContain(`${main} source: shared objects file (top)`);
  const { mtimeMs } = statSync(archive);
  const steps: unknown[] = [];
  expect(await makeArchive({ onProgress: (step) => steps.push(step) })).toBe(archive);
  expect(steps).toEqual([]);
  expect(statSync(archive).mtimeMs).toBe(mtimeMs);
});
