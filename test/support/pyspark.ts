import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { createConnection } from "node:net";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { runFolder, runPid, takeLock } from "./run-folder.ts";
import { sparkServer } from "./spark-server.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const START_MS = 120_000;

/**
 * Runs a script of PySpark on the server of this test run and gives what it left in `result`: rows as lists, doubles to the bit, NaN and
 * infinities as numbers, whole numbers beyond 2^53 as bigint, decimals and dates as text, timestamps as Date, bytes as hex. The script
 * finds `spark`, a session of its own, `F`, `Window`, `Row` and `given`, the second argument.
 *
 * @example
 * const sum = await pyspark("result = spark.range(given).agg(F.sum('id')).first()[0]", 10);
 */
export async function pyspark(script: string, given: unknown = null, signal?: AbortSignal): Promise<unknown> {
  const { port, token, home } = await sparkServer();
  // Only the name localhost is exempt from TLS in PySpark's client.
  const request = JSON.stringify({ remote: `sc://localhost:${port}`, token, script, given });
  const answer = await ask(await pysparkProcess(home), request, signal);
  const { result, error } = JSON.parse(answer, revive) as { readonly result?: unknown; readonly error?: string };
  if (error !== undefined) throw new Error(`PySpark ended with an error\n${ownWords(error)}`);
  return result;
}

/** The socket of the one PySpark of this test run, started by the first file that asks; it ends with the run. */
async function pysparkProcess(home: string): Promise<string> {
  const name = createHash("sha256").update(home).digest("hex").slice(0, 8);
  const socket = path.join(runFolder(), `pyspark-${name}`);
  const child = takeLock(`${socket}.lock`) ? launch(home, socket) : undefined;
  for (const until = Date.now() + START_MS; !existsSync(socket); await wait(100)) {
    if (Date.now() < until && (child?.exitCode ?? null) === null) continue;
    throw new Error(`PySpark did not start:\n${readFileSync(`${socket}.log`, "utf8").slice(-2000)}`);
  }
  return socket;
}

function launch(home: string, socket: string): ChildProcess {
  // The official layout has PySpark under python/, an installed package is PySpark itself.
  const source = existsSync(path.join(home, "python", "pyspark")) ? path.join(home, "python") : path.dirname(home);
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PYTHONPATH: source,
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONWARNINGS: "ignore",
    TZ: "UTC",
    SPARK_CONNECT_MODE: "1",
  };
  const python = path.join(ROOT, ".outgrow", "pyspark", "bin", "python");
  const script = path.join(ROOT, "test", "support", "pyspark_server.py");
  const log = openSync(`${socket}.log`, "a");
  const child = spawn(python, [script, socket, runPid()], {
    env,
    stdio: ["ignore", log, log],
    detached: true,
    cwd: ROOT,
  });
  closeSync(log);
  child.unref();
  return child;
}

/** The script ends with its connection, which closes with the test's process, however that ends. */
function ask(path: string, request: string, signal: AbortSignal | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = createConnection({ path, signal });
    let answer = "";
    connection.setEncoding("utf8").on("data", (text: string) => {
      answer += text;
    });
    connection.once("error", reject);
    connection.once("end", () => {
      if (answer === "") reject(new Error("PySpark ended without an answer"));
      else resolve(answer);
    });
    connection.write(`${request}\n`);
  });
}

/** Spark's message stands before its Java stack, which is often longer than all else. */
function ownWords(complaint: string): string {
  return (complaint.split("JVM stacktrace", 1)[0] ?? "").trimEnd().slice(-8_000);
}

function revive(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { $float, $bigint, $bytes, $date } = value as Record<string, string | undefined>;
  if ($float !== undefined) return $float === "nan" ? Number.NaN : $float.startsWith("-") ? -Infinity : Infinity;
  if ($bigint !== undefined) return BigInt($bigint);
  if ($bytes !== undefined) return $bytes;
  return $date === undefined ? value : new Date($date);
}
