import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { archiveFile } from "../../../src/spark/server/archive.ts";
import { findJava } from "../../../src/spark/server/find-java.ts";
import { findSpark } from "../../../src/spark/server/find-spark.ts";
import { type SparkServerOptions, sparkStatus, startSpark, stopSpark } from "../../../src/spark/server/server.ts";
import { resolveSettings } from "../../../src/spark/server/settings.ts";
import { SparkSession } from "../../../src/spark/session.ts";
import { SHORT_LIVED } from "../../support/short-lived.ts";
import { childrenOf, isAlive, listening, until } from "./server/processes.ts";

const LIVE = { timeout: 400_000 };
const shared: SparkServerOptions = { driverMemory: 2 ** 30, ui: true, idleSeconds: 0 };
const daemons: ChildProcess[] = [];
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "og-executors-"));
  process.env.OUTGROW_SPARK_RUNTIME = path.join(folder, "run");
  process.env.SPARK_CONF_DIR = SHORT_LIVED;
});

afterAll(async () => {
  await stopSpark({ force: true });
  for (const daemon of daemons) daemon.kill("SIGKILL");
  await until(
    () => daemons.every(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null),
    "they live on",
  );
  delete process.env.OUTGROW_SPARK_RUNTIME;
  delete process.env.SPARK_CONF_DIR;
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

test("two executors of a local cluster share the work, and nothing of them is left", LIVE, async () => {
  const before = readdirSync(findSpark().folder);
  const server = await startSpark({ ...shared, master: "local-cluster[2,1,1024]" });
  const { pid } = server.endpoint;
  const executors = childrenOf(pid);
  expect(executors).toHaveLength(2);
  await checkWork(server.endpoint, 2 ** 30);
  expect([pid, ...executors].flatMap(listening).filter(({ isLoopback }) => !isLoopback)).toEqual([]);

  await stopSpark();
  await until(() => !executors.some(isAlive), "executors outlive their server");
  await until(() => readdirSync(path.join(folder, "run")).length === 0, "files are left");
  expect(readdirSync(findSpark().folder)).toEqual(before);
});

test("a standalone master with two workers", LIVE, async () => {
  const master = await daemon("Master", [], /Starting Spark master at (spark:\/\/\S+)/);
  const worker = ["--cores", "1", "--memory", "600m", "--work-dir", path.join(folder, "work"), master];
  await Promise.all([0, 1].map(() => daemon("Worker", worker, /Successfully registered with master (\S+)/)));
  const conf = { "spark.executor.memory": "512m" };
  const server = await startSpark({ ...shared, master, conf });
  await checkWork(server.endpoint, 2 ** 29);
  const executors = daemons.flatMap(({ pid = 0 }) => childrenOf(pid));
  expect(executors).toHaveLength(2);
  await stopSpark();
  await until(() => !executors.some(isAlive), "executors outlive their server");
});

/** A shuffle that is right, and of which each executor has done its part, as Spark's own pages say. */
async function checkWork({ port, token }: { port: number; token: string }, memory: number): Promise<void> {
  const kinds = ["0", "1"].map((id) => ({ id, cores: 1, memory }));
  await until(async () => (await sparkStatus())[0]?.executors?.length === 2, "they are not both there");
  const [status] = await sparkStatus();
  expect(status?.executors?.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(kinds);

  await using spark = await SparkSession.connect(`sc://127.0.0.1:${port}`, { token });
  const query = "SELECT id % 3 AS key, sum(id) AS sum FROM range(0, 300000, 1, 16) GROUP BY 1 ORDER BY 1";
  expect(await (await spark.sql(query)).collect()).toEqual([
    { key: 0, sum: 14999850000 },
    { key: 1, sum: 14999950000 },
    { key: 2, sum: 15000050000 },
  ]);
  const [application] = await fetched<{ id: string }>(`${status?.ui}/api/v1/applications`);
  const all = await fetched<{ id: string; totalTasks: number; totalCores: number }>(
    `${status?.ui}/api/v1/applications/${application?.id}/executors`,
  );
  const working = all.filter(({ id, totalTasks }) => id !== "driver" && totalTasks > 0);
  expect(working.map(({ totalCores }) => totalCores)).toEqual([1, 1]);
}

/** A process of a standalone cluster; gives what its log says when it is ready. */
async function daemon(name: "Master" | "Worker", args: readonly string[], ready: RegExp): Promise<string> {
  const { folder: home, scala } = findSpark();
  const { java } = await findJava();
  // Of the server's classes, of which these load many; a file that is not there is passed over.
  const archive = archiveFile(await resolveSettings(shared));
  const classes = [`-XX:SharedArchiveFile=${archive}`, "-Xlog:cds=off"];
  const log = path.join(folder, `${name}-${daemons.length}.log`);
  const output = openSync(log, "a");
  const short = ["-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"];
  const flags = [...short, ...classes, "-cp", path.join(home, "jars", "*")];
  const main = `org.apache.spark.deploy.${name.toLowerCase()}.${name}`;
  const places = ["--host", "127.0.0.1", "--port", "0", "--webui-port", "0"];
  const env = { ...process.env, SPARK_HOME: home, SPARK_SCALA_VERSION: scala, SPARK_LOCAL_IP: "127.0.0.1" };
  const child = spawn(java, [...flags, main, ...places, ...args], {
    cwd: folder,
    env,
    stdio: ["ignore", output, output],
  });
  daemons.push(child);
  const said = (): string | undefined => (existsSync(log) ? ready.exec(readFileSync(log, "utf8"))?.[1] : undefined);
  await until(() => said() !== undefined || child.exitCode !== null, `${name} is not ready`);
  return said() ?? "";
}

async function fetched<Row>(url: string): Promise<readonly Row[]> {
  return (await fetch(url)).json() as Promise<readonly Row[]>;
}
