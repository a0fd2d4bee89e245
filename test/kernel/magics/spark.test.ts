import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SHORT_LIVED } from "../../support/short-lived.ts";
import { probe, runMagic } from "./context.ts";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "og-spark-"));
  process.env.OUTGROW_SPARK_RUNTIME = folder;
  process.env.SPARK_CONF_DIR = SHORT_LIVED;
});

afterAll(async () => {
  await runMagic("%spark stop --force", probe(folder));
  delete process.env.OUTGROW_SPARK_RUNTIME;
  delete process.env.SPARK_CONF_DIR;
  rmSync(folder, { recursive: true, force: true });
});

test("start shows one updating output and a table, stop says so", { timeout: 180_000 }, async () => {
  const notebook = probe(folder);
  await runMagic("%spark start --master local[1] --driver-memory 1g --conf spark.sql.shuffle.partitions=3", notebook);
  const text = notebook.outputs().join("\n");
  expect(text).toContain("Spark 4.3.0 is ready");
  expect(text).toMatch(/master\s+local\[1\]/);
  expect(text).toMatch(/used by\s+process \d+/);
  expect(text).not.toMatch(/[0-9a-f]{48}/);
  await runMagic("%spark stop", notebook);
  expect(notebook.printed.join("")).toBe("Spark is stopped.\n");
  const after = probe(folder);
  await runMagic("%spark status", after);
  expect(after.outputs().join("")).toContain("No local Spark server runs. %spark start starts one.");
});

test.each([
  ["%spark start --conf driver", "E_BAD_CONF"],
  ["%spark start --conf master=local", "E_BAD_CONF"],
  ["%spark start --conf spark.driver.host=0.0.0.0", "E_BAD_CONF"],
  ["%spark stop --master local[1]", "E_BAD_USE"],
])("%s is refused", async (line, code) => {
  await expect(runMagic(line, probe(folder))).rejects.toMatchObject({ name: "UsageError", code });
});
