// Spark from TypeScript beside PySpark: npm run bench -- spark [start|select|collect|crossover]... [--rounds 5] [--sizes 0.1,1,4].
// start: from the call to the first answer. select: a warm SELECT 1, in turns on one warm server. collect: a million rows by four columns
// into a frame, each in a process of its own. crossover: one group-by, local and on Spark, over CSVs of these gigabytes.
// Interleaved rounds, medians; memory is the client's own peak, without Java's.
import { spawn } from "node:child_process";
import { createReadStream, rmSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { installPySpark } from "../scripts/setup/pyspark.mjs";
import { installSpark as fetchSpark } from "../scripts/setup/spark.mjs";
import { pythonOf } from "../scripts/setup/venv.mjs";
import { root, setup } from "../scripts/setup.mjs";
import { makeCsv, ROWS_AT_FULL_SCALE } from "./chunked/data.mjs";

const PARTS = ["start", "select", "collect", "crossover"];
const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "5" }, sizes: { type: "string", default: "0.1,1,4" } },
});
const rounds = Number(given.rounds);
/** Of the crossover's CSVs, in GB: for the server to become warm on, and from where on one round must do. */
const WARM_SIZE = 0.1;
const LARGE_SIZE = 2;
const wrong = positionals.find((part) => !PARTS.includes(part));
if (wrong) throw new Error(`"${wrong}" is no part of this bench: ${PARTS.join(", ")}`);
const parts = positionals.length > 0 ? positionals : PARTS;

await setup();
await fetchSpark(root);
await installPySpark(root);
const folder = path.join(root, ".outgrow", "bench");
const runtime = path.join(folder, "spark-runtime");
const { python } = pythonOf(path.join(root, ".outgrow", "pyspark"));
process.env.OUTGROW_SPARK_RUNTIME = runtime;
const { installSpark, startSpark, stopSpark } = await import("../dist/src/index.js");
const { spark: home } = await installSpark();
const SETTINGS = { master: "local[2]", driverMemory: 4 * 2 ** 30, conf: { "spark.sql.shuffle.partitions": "8" } };

try {
  if (parts.includes("start")) await starts();
  if (parts.some((part) => part !== "start")) {
    const { endpoint } = await startSpark(SETTINGS);
    if (parts.includes("select")) await selects(endpoint);
    if (parts.includes("collect")) await collects(endpoint);
    if (parts.includes("crossover")) await crossover(endpoint);
  }
} finally {
  await stopSpark({ force: true });
  rmSync(runtime, { recursive: true, force: true });
}

/** From the call to the first rows, in a new process each; the archive was made before. */
async function starts() {
  await stopSpark({ force: true });
  const ours = [];
  const classic = [];
  await once("start");
  for (let round = 0; round < Math.min(rounds, 3); round++) {
    ours.push((await once("start")).seconds);
    classic.push((await peer("spark_classic.py", "start")).seconds);
  }
  table("start, to the first rows of SELECT 1", [
    row("outgrow: startSpark, with the class-data archive", ours, "s", classic),
    row("PySpark classic: getOrCreate, its own Java", classic, "s", classic),
  ]);
}

async function selects(endpoint) {
  const clients = {
    "outgrow: spark.sql(…).collect()": talk(process.execPath, ["bench/spark/client.mjs"], endpoint),
    "PySpark Connect, the same server": talk(python, ["bench/peers/spark_connect.py"], endpoint),
    "PySpark classic, its own Java": talk(python, ["bench/peers/spark_classic.py"], endpoint),
  };
  const times = {};
  for (const [name, client] of Object.entries(clients)) {
    times[name] = [];
    await client.ask("select", 100);
  }
  for (let turn = 0; turn < rounds * 20; turn++)
    for (const [name, client] of Object.entries(clients)) times[name].push(...(await client.ask("select", 5)).times);
  for (const client of Object.values(clients)) client.end();
  const base = times["PySpark Connect, the same server"];
  table(
    `warm SELECT 1, ${base.length} each, five in turns`,
    Object.entries(times).map(([name, seconds]) =>
      row(
        name,
        seconds.map((one) => one * 1000),
        "ms",
        base.map((one) => one * 1000),
      ),
    ),
  );
}

/**
 * A new process each, whose second collection is measured: the first loads code, on both sides of the wire. The server is warm: until its
 * Java has compiled what all of them run, it does so beside whoever comes next, and a process that starts sooner meets more of it.
 */
async function collects(endpoint) {
  const contenders = {
    "outgrow: toDanfo()": () => once("collect", endpoint),
    "outgrow: toDanfo(), every value read": () => once("values", endpoint),
    "outgrow: toArrow()": () => once("arrow", endpoint),
    "PySpark Connect: toPandas()": () => peer("spark_connect.py", "collect", endpoint),
    "PySpark Connect: toArrow()": () => peer("spark_connect.py", "arrow", endpoint),
  };
  const done = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  await once("often", endpoint);
  for (let round = 0; round < rounds; round++) {
    // There and back, for each leaves the server as it does to whoever comes next.
    const turn = round % 2 === 0 ? Object.entries(contenders) : Object.entries(contenders).reverse();
    for (const [name, run] of turn) done[name].push(await run());
  }
  const base = done["PySpark Connect: toPandas()"];
  table(
    "1,000,000 rows by 4 columns (long, double, int, string) into a frame",
    Object.entries(done).map(([name, runs]) => ({
      ...row(
        name,
        runs.map(({ seconds }) => seconds),
        "s",
        base.map(({ seconds }) => seconds),
      ),
      "peak MiB": Math.round(median(runs.map(({ peak }) => peak)) / 2 ** 20),
      "of PySpark's": (median(runs.map(({ peak }) => peak)) / median(base.map(({ peak }) => peak))).toFixed(2),
    })),
  );
}

/**
 * sum and count of amount by user_id, the whole result in a local frame; Spark is warm and is told the schema, the file is in memory, and
 * making it is not counted. Large files have one round: 4 GB take three minutes in all.
 */
async function crossover(endpoint) {
  const rows = [];
  await once("warm", endpoint, await csvOf(WARM_SIZE));
  for (const size of given.sizes.split(",").map(Number)) {
    const data = `${(size * 1.08).toFixed(2)} GB of CSV`;
    const file = await csvOf(size);
    await readThrough(file);
    const local = [];
    const spark = [];
    for (let round = 0; round < (size > LARGE_SIZE ? 1 : Math.min(rounds, 3)); round++) {
      const here = await once("local", undefined, file);
      tell(`${data}: local ${here.seconds.toFixed(2)} s, ${here.groups} groups`);
      const there = await once("spark", endpoint, file);
      tell(`${data}: Spark ${there.seconds.toFixed(2)} s`);
      if (here.groups !== there.groups || Math.abs(here.sum - there.sum) > 1e-9 * Math.abs(here.sum))
        throw new Error(`the answers differ: ${JSON.stringify(here)} ${JSON.stringify(there)}`);
      local.push(here.seconds);
      spark.push(there.seconds);
    }
    rows.push({
      data,
      rounds: local.length,
      "local, s": median(local).toFixed(2),
      "Spark, s": median(spark).toFixed(2),
      "Spark / local": (median(spark) / median(local)).toFixed(2),
    });
  }
  table("the same group-by, local (%chunked) and on a warm Spark of the same two cores", rows);
}

async function csvOf(size) {
  const rows = Math.round(ROWS_AT_FULL_SCALE * size);
  const start = performance.now();
  let told = start;
  const file = await makeCsv(folder, rows, (done) => {
    if (performance.now() - told < 5000) return;
    told = performance.now();
    tell(`making ${(size * 1.08).toFixed(2)} GB: ${Math.round((100 * done) / rows)} %`);
  });
  const seconds = (performance.now() - start) / 1000;
  if (seconds > 1) tell(`made ${(size * 1.08).toFixed(2)} GB in ${seconds.toFixed(0)} s`);
  return file;
}

/** So that the first to read it is not the one who waits for the disk. */
async function readThrough(file) {
  for await (const _ of createReadStream(file, { highWaterMark: 8 * 2 ** 20 }));
}

function tell(text) {
  console.log(`  ${text}`);
}

function once(what, endpoint, file = "") {
  return answerOf(process.execPath, ["bench/spark/once.mjs", what, file], endpoint);
}

function peer(script, what, endpoint) {
  return answerOf(python, [`bench/peers/${script}`, what], endpoint);
}

/** Runs a program that prints one answer. */
async function answerOf(command, args, endpoint) {
  const child = spawn(command, args, { cwd: root, env: environment(endpoint), stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (data) => {
    printed += data;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
  return JSON.parse(printed.trim().split("\n").at(-1));
}

/** A program that answers line by line. */
function talk(command, args, endpoint) {
  const child = spawn(command, [...args, "talk"], {
    cwd: root,
    env: environment(endpoint),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async ask(what, count) {
      child.stdin.write(`${what} ${count}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`${args[0]} ended`);
      return JSON.parse(value);
    },
    end: () => child.stdin.end(),
  };
}

function environment(endpoint) {
  return {
    ...process.env,
    SPARK_HOME: home,
    PYTHONPATH: path.join(home, "python"),
    PYTHONWARNINGS: "ignore",
    SPARK_LOCAL_IP: "127.0.0.1",
    ...(endpoint && { BENCH_PORT: String(endpoint.port), SPARK_CONNECT_AUTHENTICATE_TOKEN: endpoint.token }),
  };
}

function row(name, values, unit, base) {
  const digits = unit === "ms" ? 1 : 2;
  return {
    who: name,
    median: `${median(values).toFixed(digits)} ${unit}`,
    range: `${quantile(values, 0.05).toFixed(digits)}–${quantile(values, 0.95).toFixed(digits)}`,
    ratio: (median(values) / median(base)).toFixed(2),
  };
}

function table(title, rows) {
  console.log(`\n${title}; ${rounds} rounds, Node ${process.version}`);
  console.table(rows);
}

function median(values) {
  return quantile(values, 0.5);
}

function quantile(values, share) {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
}
