import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { chunked } from "../../../../src/chunked/chunked.ts";
import type { CsvReadOptions } from "../../../../src/spark/reader.ts";
import { SparkSession } from "../../../../src/spark/session.ts";
import { sparkServer } from "../../../support/spark-server.ts";

const folder = mkdtempSync(path.join(tmpdir(), "outgrow-on-spark-"));
const file = path.join(folder, "large.csv");
let spark: SparkSession;

beforeAll(async () => {
  const server = await sparkServer();
  spark = await SparkSession.connect(server.address, server);
  writeFileSync(file, `k,big\na,${2n ** 63n - 1n}\nb,${-(2n ** 63n)}\n`);
}, 240_000);

afterAll(async () => {
  await spark?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(by: string, engine: "local" | "spark"): Promise<unknown> {
  const session = engine === "spark" ? spark : undefined;
  return (await chunked(file, { by, agg: "*:count", engine, session })).values;
}

test("whole numbers at the end of 64 bits are exact; one beyond is exact here, and on Spark an error", async () => {
  const all = [
    [-(2n ** 63n), 1],
    [2n ** 63n - 1n, 1],
  ];
  expect([await run("big", "local"), await run("big", "spark")]).toEqual([all, all]);
  expect(await run("big + 1 AS next", "local")).toEqual([
    [1n - 2n ** 63n, 1],
    [2n ** 63n, 1],
  ]);
  for (const by of ["big + 1 AS next", "big - 1 AS before", "big * 2 AS twice"])
    await expect(run(by, "spark"), by).rejects.toMatchObject({
      code: "E_OVERFLOW",
      hint: expect.stringContaining("-e local"),
    });
});

test("a session in which such errors are silent is not asked", async () => {
  await spark.conf.set("spark.sql.ansi.enabled", false);
  await expect(run("big + 1 AS next", "spark")).rejects.toMatchObject({
    code: "E_ENGINE_CHOICE",
    message: expect.stringContaining("spark.sql.ansi.enabled"),
  });
  await spark.conf.unset("spark.sql.ansi.enabled");
});

test("a file that the server does not see is told as that", async () => {
  const { read } = spark;
  const elsewhere = vi.spyOn(spark, "read", "get").mockReturnValue(
    Object.assign(Object.create(read), {
      csv: (paths: readonly string[], options: CsvReadOptions) =>
        read.csv(
          paths.map((one) => `${one}.elsewhere`),
          options,
        ),
    }),
  );
  await expect(run("k", "spark")).rejects.toMatchObject({
    name: "DataError",
    code: "E_NOT_ON_SERVER",
    message: expect.stringContaining(`large.csv is on this machine, and Spark at ${spark.label} does not see it`),
    hint: expect.stringContaining("-e local"),
  });
  elsewhere.mockRestore();
});
