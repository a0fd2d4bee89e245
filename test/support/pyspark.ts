import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type SparkServer, sparkServer } from "./spark-server.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Longer than any test may take; a script that hangs ends although its test has given up long before. */
const DEADLINE_MS = 600_000;
const bin = path.join(ROOT, ".outgrow", "pyspark", process.platform === "win32" ? "Scripts" : "bin");

/** What every script finds: `spark` on the run's server, `F`, `Window`, `given` (the second argument below); its answer goes into `result`. */
const PRELUDE = `
import datetime, decimal, json, math, os, sys, threading
def end_with_the_test():
    os.read(0, 1)
    os._exit(1)
from pyspark.sql import SparkSession, Row, Window, functions as F
def plain(value):
    if isinstance(value, dict): return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set)): return [plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value): return {"$float": repr(value)}
    if isinstance(value, int) and abs(value) > 2**53: return {"$bigint": str(value)}
    if isinstance(value, (bytes, bytearray)): return {"$bytes": bytes(value).hex()}
    if isinstance(value, datetime.datetime): return {"$date": value.astimezone(datetime.timezone.utc).isoformat()}
    if isinstance(value, (datetime.date, datetime.timedelta, decimal.Decimal)): return str(value)
    if hasattr(value, "toArray"): return plain(value.toArray().tolist())
    if hasattr(value, "item"): return plain(value.item())
    return value
given = json.loads(sys.stdin.readline())
threading.Thread(target=end_with_the_test, daemon=True).start()
os.environ["TZ"] = "UTC"
spark = SparkSession.builder.remote(given["remote"]).getOrCreate()
given = given["given"]
result = None
`;

const EPILOGUE = `
spark.stop()
print("\\n\\x1e" + json.dumps(plain(result)))
`;

/**
 * Runs a script of PySpark on the server of this test run and gives what it left in `result`: rows as lists, doubles to the bit, NaN and
 * infinities as numbers, whole numbers beyond 2^53 as bigint, decimals and dates as text, timestamps as Date, bytes as hex.
 *
 * @example
 * const sum = await pyspark("result = spark.range(given).agg(F.sum('id')).first()[0]", 10);
 */
export async function pyspark(
  script: string,
  given: unknown = null,
  server?: SparkServer,
  deadlineMs = DEADLINE_MS,
): Promise<unknown> {
  const { port, token, home } = server ?? (await sparkServer());
  // The official layout has PySpark under python/, an installed package is PySpark itself.
  const source = existsSync(path.join(home, "python", "pyspark")) ? path.join(home, "python") : path.dirname(home);
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PYTHONPATH: source,
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONWARNINGS: "ignore",
    TZ: "UTC",
    SPARK_CONNECT_AUTHENTICATE_TOKEN: token,
    SPARK_CONNECT_MODE: "1",
  };
  // Only the name localhost is exempt from TLS in PySpark's client.
  const input = JSON.stringify({ remote: `sc://localhost:${port}`, given });
  const output = await python(PRELUDE + script + EPILOGUE, input, env, deadlineMs);
  return JSON.parse(output.slice(output.lastIndexOf("\x1e") + 1), revive);
}

/** Its input stays open: it closes with the test's process, however that ends, and the script ends with it. */
function python(script: string, input: string, env: NodeJS.ProcessEnv, deadlineMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(path.join(bin, "python"), ["-c", script], { env, cwd: ROOT });
    const deadline = setTimeout(() => child.kill("SIGKILL"), deadlineMs).unref();
    let out = "";
    let complaint = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint += text;
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(deadline);
      if (code === 0) resolve(out);
      else reject(new Error(`PySpark ended with ${code ?? signal}\n${ownWords(complaint)}`));
    });
    child.stdin.on("error", () => undefined).write(`${input}\n`);
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
