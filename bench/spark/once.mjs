// One measured piece of work in a process of its own: node once.mjs WHAT [FILE]. Prints its seconds, and its peak memory or its answer.
import { readFileSync } from "node:fs";
import { chunked, SparkSession, startSpark, stopSpark } from "../../dist/src/index.js";

const [what, file] = process.argv.slice(2);
const MILLION =
  "SELECT id, id * 0.5D AS half, CAST(id % 1000 AS INT) AS small, concat('name_', id % 5000) AS name FROM range(1000000)";
const SCHEMA = "user_id INT, category STRING, amount DOUBLE, ts STRING, city STRING, note STRING";

const WORK = {
  async start() {
    const start = performance.now();
    const { endpoint } = await startSpark({ master: "local[2]" });
    const spark = await SparkSession.connect(`sc://${endpoint.host}:${endpoint.port}`, { token: endpoint.token });
    await spark.sql("SELECT 1").collect();
    const seconds = (performance.now() - start) / 1000;
    await spark.stop();
    await stopSpark({ force: true });
    return { seconds };
  },
  collect: () => collected((frame) => frame.toDanfo()),
  values: () => collected(async (frame) => readAll(await frame.toDanfo())),
  arrow: () => collected((frame) => frame.toArrow()),
  /** Until the server's Java has compiled its way. */
  often: () => collected((frame) => frame.toArrow(), 100),
  async local() {
    const start = performance.now();
    const frame = await chunked(file, { by: "user_id", agg: "amount:sum,*:count" });
    return { ...answer(frame.column("amount_sum").values), seconds: (performance.now() - start) / 1000 };
  },
  async spark() {
    const spark = await connect();
    const start = performance.now();
    const frame = await grouped(spark).toDanfo(Number.POSITIVE_INFINITY);
    const done = { ...answer(frame.column("sum").values), seconds: (performance.now() - start) / 1000 };
    await spark.stop();
    return done;
  },
  /** The way that is measured, over a small file. */
  async warm() {
    const spark = await connect();
    await grouped(spark).toDanfo(Number.POSITIVE_INFINITY);
    await spark.stop();
    return {};
  },
};

console.log(JSON.stringify(await WORK[what]()));
process.exit(0);

function connect() {
  return SparkSession.connect(`sc://localhost:${process.env.BENCH_PORT}`, {
    token: process.env.SPARK_CONNECT_AUTHENTICATE_TOKEN,
  });
}

function grouped(spark) {
  return spark.read
    .csv(file, { header: true, schema: SCHEMA })
    .groupBy("user_id")
    .agg({ amount: "sum", "*": "count" })
    .toDF("user_id", "sum", "count");
}

async function collected(fetch, times = 2) {
  const spark = await connect();
  let seconds = 0;
  for (let time = 0; time < times; time++) seconds = await collectedOnce(spark, fetch);
  await spark.stop();
  return { seconds, peak: peakBytes() };
}

/** A function of its own: a loop that waits would hold on to the result of its turn before, which PySpark's side deletes. */
async function collectedOnce(spark, fetch) {
  const frame = await spark.sql(MILLION);
  const start = performance.now();
  const result = await fetch(frame);
  const seconds = (performance.now() - start) / 1000;
  const rows = result.numRows ?? result.shape[0];
  if (rows !== 1_000_000) throw new Error(`${rows} rows came`);
  return seconds;
}

/** Every value as one of JavaScript's, as toPandas makes Python's. */
function readAll(frame) {
  for (const name of frame.columns)
    if (frame.column(name).values.length !== 1_000_000) throw new Error(`${name} is not whole`);
  return frame;
}

function answer(sums) {
  return { groups: sums.length, sum: sums.reduce((all, value) => all + value, 0) };
}

function peakBytes() {
  const high = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return Number(high) * 1024;
}
