import { afterEach, expect, test, vi } from "vitest";
import { foundOnSpark } from "../../../../src/chunked/spark/found.ts";
import { UsageError } from "../../../../src/errors.ts";
import type { SparkSession } from "../../../../src/spark/session.ts";

const failure = new UsageError("E_NO_FILE", "no file", { hint: "check the name" });
const frame = {};
const session = { catalog: { tableExists: async (name: string) => name === "`sales`" }, table: () => frame };

afterEach(() => vi.unstubAllEnvs());

test("a table is looked for on the server that SPARK_REMOTE names, and no server is started for one", async () => {
  const open = vi.fn(async () => session as unknown as SparkSession);
  const find = (source: string) => foundOnSpark(source, failure, { engine: "spark", session: open });
  for (const remote of ["", "local[2]"]) {
    vi.stubEnv("SPARK_REMOTE", remote);
    expect(await find("sales")).toBeUndefined();
  }
  expect(open).not.toHaveBeenCalled();
  vi.stubEnv("SPARK_REMOTE", "sc://cluster:15002");
  expect(await find("data/sales.csv")).toBeUndefined();
  expect(open).not.toHaveBeenCalled();
  expect(await find("sales")).toMatchObject({ frame, label: "sales on Spark" });
  expect(await find("absent")).toBeUndefined();
});
