import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach } from "vitest";
import { findSpark } from "../../src/spark/server/find-spark.ts";
import { runFolder, runPid, takeLock } from "./run-folder.ts";
import { sparkReport } from "./spark-report.ts";

export interface SparkServer {
  readonly address: string;
  readonly port: number;
  readonly token: string;
  readonly home: string;
}

const START_MS = 180_000;
/**
 * Java's second compiler would take half of all its processor time, for code that runs for minutes; the first one's is good enough. With
 * it alone Java keeps 48 MB for code, which are full after some minutes: then a fifth of the time goes into throwing code out again.
 */
const SHORT_LIVED = [
  "-XX:TieredStopAtLevel=1",
  "-XX:ReservedCodeCacheSize=240m",
  "-XX:+UseSerialGC",
  "-XX:-UsePerfData",
  "-XX:MetaspaceSize=256m",
];
/** Of jobs that are small, and many: to make code for each, and to plan each again as it runs, takes longer than to run it. */
const SMALL_JOBS = {
  "spark.sql.codegen.wholeStage": "false",
  "spark.sql.adaptive.enabled": "false",
  "spark.sql.shuffle.partitions": "2",
};
const READY = /Spark Connect server started at: \S+:(\d+)/;

let isUsed = false;
let isReported = false;

// A test that fails by its time alone does not tell who had the cores.
afterEach(({ task }) => reportOnce(task.result?.state === "fail"));
// biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern what a hook wants
afterAll(({}, file) => reportOnce(file.result?.state === "fail"));

/** The one Spark server of this test run, started by the first file that asks; `test/setup.ts` stops it. */
export async function sparkServer(): Promise<SparkServer> {
  if (process.env.OUTGROW_TEST_TOGETHER)
    throw new Error("this file stands in TOGETHER of vitest.config.ts: take it out");
  isUsed = true;
  const folder = runFolder();
  const file = path.join(folder, "spark.json");
  for (const until = Date.now() + START_MS; ; await wait(200)) {
    if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
    if (takeLock(path.join(folder, "spark.lock"))) return start(folder, file);
    if (Date.now() > until) throw new Error("no Spark server in three minutes");
  }
}

/** What Spark is at, once for a test file with a failure. */
async function reportOnce(hasFailed: boolean): Promise<void> {
  if (!hasFailed || isReported || !isUsed) return;
  isReported = true;
  console.error(await sparkReport(runFolder()));
}

async function start(folder: string, file: string): Promise<SparkServer> {
  const home = findSpark().folder;
  const token = randomBytes(16).toString("hex");
  const log = path.join(folder, "spark.log");
  const out = openSync(log, "a");
  const child = launch(home, folder, { token, out });
  closeSync(out);
  const port = await readyPort(log, child);
  const server: SparkServer = { address: `sc://127.0.0.1:${port}`, port, token, home };
  writeFileSync(`${file}.draft`, JSON.stringify(server));
  renameSync(`${file}.draft`, file);
  return server;
}

/** A shell beside the server ends it when the test run is over, also when that was killed. */
function launch(
  home: string,
  folder: string,
  { token, out }: { readonly token: string; readonly out: number },
): ChildProcess {
  const conf = {
    "spark.connect.grpc.binding.address": "127.0.0.1",
    "spark.connect.grpc.binding.port": "0",
    "spark.connect.grpc.port.maxRetries": "0",
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    ...SMALL_JOBS,
    "spark.sql.warehouse.dir": path.join(folder, "spark-warehouse"),
    "spark.local.dir": path.join(folder, "spark-local"),
  };
  const submit = [
    path.join(home, "bin", "spark-submit"),
    ...["--class", "org.apache.spark.sql.connect.service.SparkConnectServer"],
    ...["--master", "local[2]", "--driver-memory", "2g"],
    ...["--driver-java-options", SHORT_LIVED.join(" ")],
    ...Object.entries(conf).flatMap(([key, value]) => ["--conf", `${key}=${value}`]),
  ];
  const watch = `"$@" & server=$!; echo $server > spark.pid; while kill -0 ${runPid()} 2>/dev/null && [ -d "${folder}" ] && kill -0 $server 2>/dev/null; do sleep 1; done; kill $server`;
  const env = {
    ...process.env,
    SPARK_HOME: home,
    SPARK_LOCAL_IP: "127.0.0.1",
    SPARK_CONNECT_AUTHENTICATE_TOKEN: token,
    SPARK_CONNECT_MODE: "0",
  };
  const stdio: ["ignore", number, number] = ["ignore", out, out];
  const child = spawn("bash", ["-c", watch, "spark", ...submit], { env, stdio, detached: true, cwd: folder });
  child.unref();
  return child;
}

async function readyPort(log: string, child: ChildProcess): Promise<number> {
  for (const until = Date.now() + START_MS; Date.now() < until; await wait(100)) {
    const port = READY.exec(readFileSync(log, "utf8"))?.[1];
    if (port) return Number(port);
    if (child.exitCode !== null) break;
  }
  throw new Error(`Spark did not start:\n${readFileSync(log, "utf8").slice(-2000)}`);
}
