import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serverOptions } from "../../../../src/spark/launch-settings.ts";
import { findJava } from "../../../../src/spark/server/find-java.ts";
import { sparkStatus, startSpark, stopSpark } from "../../../../src/spark/server/server.ts";
import { SparkSession } from "../../../../src/spark/session.ts";
import { SHORT_LIVED } from "../../../support/short-lived.ts";
import { isAlive, LIBRARY, until } from "./processes.ts";

// One server with 16 MB of scratch space and half a gigabyte of heap.
const LIVE = { timeout: 240_000 };
const CONF = { "spark.driver.memory": "512m", "spark.driver.maxResultSize": "8m" };
const IN_A_TASK = "SELECT sum(size(sequence(1, 150000000 + id))) AS n FROM range(2)";
const warnings: string[] = [];
const builder = () => SparkSession.builder;
let folder = "";

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "og-exhausted-"));
  process.env.OUTGROW_SPARK_RUNTIME = path.join(folder, "run");
  process.env.SPARK_CONF_DIR = SHORT_LIVED;
  const { java } = await findJava();
  const bin = path.join(folder, "java", "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(path.join(bin, "java"), `#!/bin/sh\n[ "$1" = -version ] && exec ${java} -version\n${tight(java)}\n`, {
    mode: 0o755,
  });
  process.env.JAVA_HOME = path.join(folder, "java");
  await startSpark(serverOptions({ "spark.master": "local[2]", ...CONF }));
}, LIVE.timeout);

afterAll(async () => {
  await SparkSession.getActiveSession()?.stop();
  await stopSpark({ force: true });
  delete process.env.JAVA_HOME;
  delete process.env.OUTGROW_SPARK_RUNTIME;
  delete process.env.SPARK_CONF_DIR;
  rmSync(folder, { recursive: true, force: true });
});

test("a full disk in a shuffle is told, and the next query works", LIVE, async () => {
  const spark = await builder().getOrCreate();
  const large =
    "SELECT sum(length(s)) AS n FROM (SELECT /*+ REPARTITION(4, id) */ id, uuid() AS s FROM range(0, 2000000, 1, 2))";
  await expect((await spark.sql(large)).collect()).rejects.toMatchObject({
    name: "EngineError",
    code: "E_SPARK_DISK",
    hint: expect.stringContaining("spark.local.dir"),
  });
  const shuffle = "SELECT id % 2 AS k, count(*) AS n FROM range(0, 1000, 1, 2) GROUP BY 1 ORDER BY 1";
  expect(await (await spark.sql(shuffle)).collect()).toEqual([
    { k: 0, n: 500 },
    { k: 1, n: 500 },
  ]);
});

test("a result over the limit is told, and the next query works", LIVE, async () => {
  const spark = await builder().getOrCreate();
  const large = await spark.sql("SELECT uuid() AS s FROM range(0, 400000, 1, 4)");
  await expect(large.collect()).rejects.toMatchObject({
    name: "EngineError",
    code: "E_SPARK_TOO_LARGE",
    message: expect.stringContaining("(8.0 MiB)"),
    hint: expect.stringContaining("--conf spark.driver.maxResultSize="),
  });
  expect(await (await spark.sql("SELECT 1 AS one")).collect()).toEqual([{ one: 1 }]);
});

test(
  "a driver without memory says so, and the next cell works on it or on a new one that is as it was",
  LIVE,
  async () => {
    const spark = await builder().getOrCreate();
    const plan = () => spark.sql("SELECT size(sequence(1, 150000000)) AS n").then((frame) => frame.collect());
    await expect(plan()).rejects.toMatchObject({ name: "EngineError", code: "E_SPARK_MEMORY" });
    expect(await builder().getOrCreate()).toBe(spark);
    expect(await (await spark.sql("SELECT 1 AS one")).collect()).toEqual([{ one: 1 }]);

    const [{ pid = 0 } = {}] = await sparkStatus();
    const task = (await spark.sql(IN_A_TASK)).collect();
    const told = { name: "ConnectionError", code: "E_SPARK_MEMORY", message: expect.stringContaining("has ended") };
    // Its own words are those of before: only the server's end tells that this was another kind of it.
    await Promise.all([expect(plan()).rejects.toMatchObject(told), expect(task).rejects.toMatchObject(told)]);
    const next = await builder().getOrCreate({ onWarning: (message) => warnings.push(message) });
    expect(await (await next.sql("SELECT 1 AS one")).collect()).toEqual([{ one: 1 }]);
    expect(warnings).toEqual([expect.stringContaining("This is a new session: temporary views")]);
    await until(() => !isAlive(pid), "it lives on");
    expect((await sparkStatus()).map(({ master, driverMemory }) => [master, driverMemory])).toEqual([
      ["local[2]", 512 * 2 ** 20],
    ]);
  },
);

test("a program with nothing else to do waits for the end of its server, too", LIVE, async () => {
  const { endpoint } = await startSpark();
  const code = `
    import { SparkSession } from ${JSON.stringify(LIBRARY)};
    const spark = await SparkSession.builder.master("local[2]").config(${JSON.stringify(CONF)}).getOrCreate();
    const frame = await spark.sql("${IN_A_TASK}");
    await frame.collect().catch(({ code }) => console.log(code));`;
  const { status, stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "E_SPARK_MEMORY\n" });
  await until(() => !isAlive(endpoint.pid), "it lives on");
});

test("a heap that no machine has", LIVE, async () => {
  await expect(startSpark({ driverMemory: 2 ** 60 })).rejects.toMatchObject({ code: "E_SPARK_MEMORY" });
});

/** A small disk of its own where the system lets us mount one, else files that cannot grow. */
function tight(java: string): string {
  const mount = 'mount -t tmpfs -o size=16m tmpfs "$PWD/local"';
  const mayMount = spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/tmp"]).status === 0;
  return mayMount
    ? `exec unshare -rm sh -c '${mount} && exec "$@"' sh ${java} "$@"`
    : `ulimit -f 16384\nexec ${java} "$@"`;
}
