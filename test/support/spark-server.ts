import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { findSpark } from "../../src/spark/server/find-spark.ts";
import { runFolder, runPid, takeLock } from "./run-folder.ts";

export interface SparkServer {
  readonly address: string;
  readonly port: number;
  readonly token: string;
  readonly home: string;
}

const START_MS = 180_000;
const READY = /Spark Connect server started at: \S+:(\d+)/;

/** The one Spark server of this test run, started by the first file that asks; `test/setup.ts` stops it. */
export async function sparkServer(): Promise<SparkServer> {
  const folder = runFolder();
  const file = path.join(folder, "spark.json");
  for (const until = Date.now() + START_MS; ; await wait(200)) {
    if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
    if (takeLock(path.join(folder, "spark.lock"))) return start(folder, file);
    if (Date.now() > until) throw new Error("no Spark server in three minutes");
  }
}

async function start(folder: string, file: string): Promise<SparkServer> {
  const home = findSpark().folder;
  const token = randomBytes(16).toString("hex");
  const log = path.join(folder, "spark.log");
  const out = openSync(log, "a");
  const child = launch(home, folder, token, out);
  closeSync(out);
  const port = await readyPort(log, child);
  const server: SparkServer = { address: `sc://127.0.0.1:${port}`, port, token, home };
  writeFileSync(`${file}.draft`, JSON.stringify(server));
  renameSync(`${file}.draft`, file);
  return server;
}

/** A shell beside the server ends it when the test run is over, also when that was killed. */
function launch(home: string, folder: string, token: string, out: number): ChildProcess {
  const conf = {
    "spark.connect.grpc.binding.address": "127.0.0.1",
    "spark.connect.grpc.binding.port": "0",
    "spark.connect.grpc.port.maxRetries": "0",
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.warehouse.dir": path.join(folder, "warehouse"),
    "spark.local.dir": path.join(folder, "local"),
  };
  const submit = [
    path.join(home, "bin", "spark-submit"),
    ...["--class", "org.apache.spark.sql.connect.service.SparkConnectServer"],
    ...["--master", "local[2]", "--driver-memory", "2g"],
    ...Object.entries(conf).flatMap(([key, value]) => ["--conf", `${key}=${value}`]),
  ];
  const watch = `"$@" & server=$!; while kill -0 ${runPid()} 2>/dev/null && [ -d "${folder}" ] && kill -0 $server 2>/dev/null; do sleep 1; done; kill $server`;
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
