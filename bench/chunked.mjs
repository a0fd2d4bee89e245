// %chunked beside its peers: sum and count of amount by user_id over a CSV of 20 million rows (1.1 GB), 1 million groups.
// npm run bench -- chunked [--scale 0.01] [--rounds 3]. Whole processes, interleaved rounds, medians; memory is the peak
// resident size of the process and what it starts.
import { spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { makeCsv, ROWS_AT_FULL_SCALE } from "./chunked/data.mjs";
import { folder, median, peersPython, root } from "./support/peers.mjs";

const python = peersPython();
const node = path.join(root, "bench/chunked/work.mjs");
const peers = path.join(root, "bench/peers/chunked.py");

const CONTENDERS = [
  { name: "outgrow, engine", command: [process.execPath, node, "outgrow"] },
  { name: "outgrow, 50,000-row callback", command: [process.execPath, node, "callback"] },
  { name: "pandas 3 chunks, concat and regroup", command: [python, peers, "pandas_concat_plain"] },
  { name: "the same with pyarrow installed", command: [python, peers, "pandas_concat"] },
  { name: "running add, with pyarrow", command: [python, peers, "pandas_add"] },
  { name: "polars streaming", command: [python, peers, "polars_streaming"] },
  { name: "duckdb python", command: [python, peers, "duckdb_python"] },
  { name: "duckdb node, bare", command: [process.execPath, node, "duckdb"] },
];
const BASE = "pandas 3 chunks, concat and regroup";
/** Stock Danfo needs the whole file in memory and a group-by that is quadratic in its groups, so it is measured small. */
const DANFO_ROWS = [100_000, 200_000];

const { values: given } = parseArgs({
  options: { scale: { type: "string", default: "1" }, rounds: { type: "string", default: "3" } },
});
const rows = Math.round(ROWS_AT_FULL_SCALE * Number(given.scale));
const file = await makeCsv(folder, rows);
const rounds = Object.fromEntries(CONTENDERS.map(({ name }) => [name, []]));
let agreed;
for (let round = 0; round < Number(given.rounds); round++) {
  for (const { name, command } of CONTENDERS) {
    const done = await measure([...command, file]);
    agreed ??= done.answer;
    if (!isSame(agreed, done.answer))
      throw new Error(`${name} gives ${JSON.stringify(done.answer)}, not ${JSON.stringify(agreed)}`);
    rounds[name].push(done);
  }
}
report();
await reportDanfo();

/** Seconds and peak bytes of a whole process with its children, and what it printed. */
async function measure([command, ...args]) {
  const start = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  let [printed, peak] = ["", 0];
  child.stdout.on("data", (data) => {
    printed += data;
  });
  const timer = setInterval(() => {
    peak = Math.max(peak, residentOfTree(child.pid));
  }, 20);
  const code = await new Promise((resolve) => child.once("close", resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
  return { seconds: (performance.now() - start) / 1000, peak, answer: JSON.parse(printed) };
}

/** Highest resident size that the kernel has seen of a process, and of each of its children, in bytes; 0 outside of Linux. */
function residentOfTree(pid) {
  try {
    const high = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0;
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean),
    );
    return Number(high) * 1024 + children.reduce((sum, child) => sum + residentOfTree(Number(child)), 0);
  } catch {
    return 0;
  }
}

function isSame(one, other) {
  return (
    one.groups === other.groups &&
    one.count === other.count &&
    Math.abs(one.sum - other.sum) <= 1e-9 * Math.abs(one.sum)
  );
}

function report() {
  const base = {
    seconds: median(rounds[BASE].map((one) => one.seconds)),
    peak: median(rounds[BASE].map((one) => one.peak)),
  };
  console.log(
    `${rows.toLocaleString("en-US")} rows, ${agreed.groups.toLocaleString("en-US")} groups, ${given.rounds} interleaved rounds, medians; Node ${process.version}`,
  );
  const ours = median(rounds["outgrow, engine"].map((one) => one.seconds));
  const plain = secondsToRead();
  console.log(
    `${(statSync(file).size / 1e9).toFixed(2)} GB: a plain read of the file (in the page cache, one thread) takes ${plain.toFixed(2)} s, ${speed(plain)}; ` +
      `outgrow's whole process goes through it at ${speed(ours)}, ${((100 * plain) / ours).toFixed(1)} % of that`,
  );
  console.table(
    CONTENDERS.map(({ name }) => {
      const seconds = rounds[name].map((one) => one.seconds);
      const peak = median(rounds[name].map((one) => one.peak));
      return {
        who: name,
        seconds: median(seconds).toFixed(2),
        range: `${Math.min(...seconds).toFixed(2)}–${Math.max(...seconds).toFixed(2)}`,
        "times as fast as pandas": (base.seconds / median(seconds)).toFixed(2),
        "peak MiB": Math.round(peak / 2 ** 20),
        "of pandas' peak": (peak / base.peak).toFixed(2),
      };
    }),
  );
}

/** The least time in which the bytes can reach a process at all. */
function secondsToRead() {
  const buffer = Buffer.alloc(4 * 2 ** 20);
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    const opened = openSync(file);
    while (readSync(opened, buffer) > 0);
    closeSync(opened);
    return (performance.now() - start) / 1000;
  });
  return Math.min(...times);
}

function speed(seconds) {
  return `${Math.round(statSync(file).size / seconds / 1e6).toLocaleString("en-US")} MB/s`;
}

async function reportDanfo() {
  const times = [];
  for (const count of DANFO_ROWS)
    times.push((await measure([process.execPath, node, "danfo", await makeCsv(folder, count)])).seconds);
  console.log(
    `Stock Danfo, whole file in memory: ${DANFO_ROWS.map((count, i) => `${count.toLocaleString("en-US")} rows ${times[i].toFixed(1)} s`).join(", ")}`,
  );
}
