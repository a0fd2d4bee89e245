import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SparkServerOptions, sparkStatus, startSpark, stopSpark } from "../../../../src/spark/server/server.ts";
import { SparkSession } from "../../../../src/spark/session.ts";
import { SHORT_LIVED } from "../../../support/short-lived.ts";
import { childrenOf, type Holder, holder, isAlive, listening, parentOf, until } from "./processes.ts";

// The tests share one server and stand in the order of its life.
const LIVE = { timeout: 240_000 };
const small: SparkServerOptions = { master: "local[2]", driverMemory: 2 ** 30, ui: true, idleSeconds: 600 };
const ENDLESS = "SELECT count(*) FROM range(0, 1000000000000, 1, 8)";
const held: Holder[] = [];
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "og-spark-"));
  process.env.OUTGROW_SPARK_RUNTIME = folder;
  process.env.SPARK_CONF_DIR = SHORT_LIVED;
});

afterAll(async () => {
  for (const { child } of held) child.kill("SIGKILL");
  await stopSpark({ force: true });
  delete process.env.OUTGROW_SPARK_RUNTIME;
  delete process.env.SPARK_CONF_DIR;
  rmSync(folder, { recursive: true, force: true });
});

test("processes that start at once share one server", LIVE, async () => {
  const query = `const spark = await outgrow.SparkSession.builder.master(options.master).config({
      "spark.driver.memory": "1g", "spark.ui.enabled": true }).getOrCreate();
    void spark.sql(${JSON.stringify(ENDLESS)}).then((frame) => frame.collect());`;
  held.push(...(await Promise.all([holder(small, query), holder(small)])));
  const [one, two] = held;
  expect(one?.pid).toBe(two?.pid);
  expect((await sparkStatus())[0]?.leases.toSorted()).toEqual(held.map(({ child }) => `process ${child.pid}`).sort());
  await expect(stopSpark()).rejects.toThrow(`process ${one?.child.pid}`);
});

test("a server answers on loopback only, and its token is nowhere to be seen", LIVE, async () => {
  const steps: (string | undefined)[] = [];
  const server = await startSpark({ ...small, onProgress: ({ note }) => steps.push(note) });
  const { host, port, token, version, pid } = server.endpoint;
  expect({ host, version, pid }).toEqual({ host: "127.0.0.1", version: "4.3.0", pid: held[0]?.pid });
  expect(token).toMatch(/^[0-9a-f]{48}$/);
  const ports = listening(pid);
  expect(ports.map((each) => each.port)).toContain(port);
  expect(ports.filter((each) => !each.isLoopback)).toEqual([]);
  for (const file of filesBelow(folder)) {
    expect(statSync(file).mode & 0o077, file).toBe(0);
    if (!file.endsWith(".json")) expect(readFileSync(file, "utf8"), file).not.toContain(token);
  }
  const discovery = readdirSync(folder).find((name) => name.endsWith(".json")) ?? "";
  expect(JSON.parse(readFileSync(path.join(folder, discovery), "utf8"))).toMatchObject(server.endpoint);
  expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).not.toContain(token);
  expect(await startSpark()).toBe(server);
});

test("a port that is taken is told", LIVE, async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as AddressInfo;
  const conf = { "spark.connect.grpc.binding.port": String(port) };
  await expect(startSpark({ ...small, conf })).rejects.toMatchObject({
    name: "ConnectionError",
    code: "E_SPARK_PORT",
    hint: expect.stringContaining("leave spark.connect.grpc.binding.port out"),
  });
  taken.close();
  expect((await startSpark(small)).endpoint.pid).toBe(held[0]?.pid);
});

test("a kernel that is killed leaves no query behind, and others go on", LIVE, async () => {
  const spark = await SparkSession.builder
    .master("local[2]")
    .config({ "spark.driver.memory": "1g", "spark.ui.enabled": true })
    .getOrCreate();
  await until(async () => (await running()).length === 1, "the query of the other kernel does not run");
  held[0]?.child.kill("SIGKILL");
  await until(async () => (await running()).length === 0, "the query of a killed kernel runs on");
  const [row] = await (await spark.sql("SELECT sum(id) AS s FROM range(100)")).collect();
  expect(row).toEqual({ s: 4950 });
  expect((await sparkStatus())[0]?.leases.toSorted()).toEqual(
    [`process ${process.pid}`, `process ${held[1]?.child.pid}`].sort(),
  );
  await spark.stop();
});

test("without a lease it lives on, and a kernel that restarts finds it again", LIVE, async () => {
  held[1]?.child.kill("SIGKILL");
  await until(async () => (await sparkStatus())[0]?.leases.length === 0, "the last lease is kept");
  expect((await startSpark(small)).endpoint.pid).toBe(held[0]?.pid);
});

test("a Java that dies is told, and the next start is a new one", LIVE, async () => {
  const server = await startSpark(small);
  process.kill(server.endpoint.pid, "SIGKILL");
  const reason = await server.ended;
  expect(reason?.code).toBe("E_SPARK_DIED");
  expect(reason?.message).toContain("the Spark server has ended (SIGKILL)");
  await until(() => readdirSync(folder).length === 0, "files are left");
  const steps: (string | undefined)[] = [];
  const next = await startSpark({ ...small, onProgress: ({ note }) => steps.push(note) });
  expect(next.endpoint.pid).not.toBe(server.endpoint.pid);
  expect(steps).toEqual(["local[2]", "waiting for its first answer", "running a first query"]);
});

test("killing the keeper ends Java, and is told", LIVE, async () => {
  const server = await startSpark(small);
  const { pid } = server.endpoint;
  const keeper = parentOf(pid);
  expect(childrenOf(keeper)).toHaveLength(2);
  process.kill(keeper, "SIGKILL");
  expect(await server.ended).toMatchObject({ code: "E_SPARK_DIED", message: expect.stringContaining("was killed") });
  await until(() => !isAlive(pid), "Java outlives its keeper");
  await until(() => readdirSync(folder).length === 0, "files are left");
});

/** What Spark's own pages say that it does, beside warming up. */
async function running(): Promise<readonly unknown[]> {
  const [{ ui } = {}] = await sparkStatus();
  const [application] = await fetched(`${ui}/api/v1/applications`);
  const jobs = await fetched(`${ui}/api/v1/applications/${application?.id}/jobs?status=running`);
  return jobs.filter(({ jobTags = [] }) => !jobTags.some((tag) => tag.endsWith("outgrow-warm-up")));
}

async function fetched(url: string): Promise<readonly Told[]> {
  return (await fetch(url)).json() as Promise<readonly Told[]>;
}

interface Told {
  readonly id: string;
  readonly jobTags?: readonly string[];
}

function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("/local"))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => existsSync(file));
}
