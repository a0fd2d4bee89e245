// The scanner beside its peers: npm run bench -- scan [PART…] [--rounds 5] [--scale 1]. Whole processes in interleaved rounds,
// medians of wall time, processor time and peak memory; every answer is compared with the first. Parts: see PARTS.
import { spawn } from "node:child_process";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { makeCsv, ROWS_AT_FULL_SCALE } from "./chunked/data.mjs";
import { makeGzip, makeJsonLines, makeStringKeys } from "./scan/data.mjs";
import { folder, median, peersPython, root } from "./support/peers.mjs";

const python = peersPython();
const peers = path.join(root, "bench/peers/scan.py");
const node = (who, work) => [process.execPath, path.join(root, "bench/scan/work.mjs"), who, work];
const py = (peer, work) => [python, peers, peer, work];
const OURS = "outgrow";
const FLOOR = { name: "wc -l", command: ["wc", "-l"] };

const sales = (share) => makeCsv(folder, Math.round(rows * share));
const groups = (title, work, file, most) => ({
  title,
  file,
  contenders: [
    { name: OURS, command: node("outgrow", work) },
    { name: "polars, streaming", command: py("polars", work) },
    { name: "duckdb, python", command: py("duckdb", work) },
    { name: "duckdb, node", command: node("duckdb", work) },
    { name: "pandas 3 in chunks", command: py("pandas", work) },
    FLOOR,
  ],
  targets: [
    ratio("time", "polars, streaming", most),
    ratio("time", "duckdb, python", 0.45),
    ratio("time", "duckdb, node", 0.45),
    ratio("memory", "polars, streaming", 0.35),
  ],
});

const PARTS = {
  category: groups("group-by of 20 keys, five aggregates", "category", () => sales(1), 0.5),
  user: groups("group-by of 1,000,000 integer keys", "user", () => sales(1), 0.55),
  string: groups("group-by of 1,000,000 text keys", "string", () => makeStringKeys(folder, rows), 0.6),
  statistics: {
    title: "statistics of six columns",
    file: () => sales(1),
    contenders: [
      { name: OURS, command: node("outgrow", "statistics") },
      { name: "duckdb SUMMARIZE, python", command: py("duckdb", "statistics") },
      { name: "duckdb SUMMARIZE, node", command: node("duckdb", "statistics") },
      { name: "pandas 3, load and deep memory", command: py("pandas", "statistics") },
      { name: "polars, streaming, fewer figures", command: py("polars", "statistics") },
      FLOOR,
    ],
    targets: [
      ratio("time", "duckdb SUMMARIZE, python", 0.15),
      ratio("time", "duckdb SUMMARIZE, node", 0.15),
      ratio("time", "pandas 3, load and deep memory", 0.4),
      { name: "peak MB", of: ({ ours }) => ours.peak / 1e6, most: 100 },
    ],
  },
  columns: {
    title: "six columns to a callback, 50,000 rows at a time",
    file: () => sales(1),
    contenders: [
      { name: OURS, command: node("outgrow", "columns") },
      { name: "pandas 3 in chunks", command: py("pandas", "columns") },
      FLOOR,
    ],
    targets: [
      { name: "million rows a second", of: ({ ours }) => rows / ours.seconds / 1e6, least: 5 },
      {
        name: "times as fast as pandas",
        of: ({ ours, of }) => of("pandas 3 in chunks").seconds / ours.seconds,
        least: 5,
      },
    ],
  },
  gzip: {
    title: "group-by of 20 keys from gzip",
    file: async () => makeGzip(await sales(0.25)),
    contenders: [
      { name: OURS, command: node("outgrow", "category") },
      { name: "bare inflate", command: node("inflate", "") },
      { name: "polars, streaming", command: py("polars", "category") },
      { name: "duckdb, python", command: py("duckdb", "category") },
    ],
    targets: [
      {
        name: "of the speed of bare inflate",
        of: ({ ours, of }) => of("bare inflate").seconds / ours.seconds,
        least: 0.85,
      },
    ],
  },
  cold: {
    title: "group-by of 20 keys, the file not in the system's cache",
    file: () => sales(1),
    isCold: true,
    contenders: [
      { name: OURS, command: node("outgrow", "category") },
      { name: "plain read", command: node("read", "") },
      { name: "polars, streaming", command: py("polars", "category") },
      { name: "duckdb, python", command: py("duckdb", "category") },
    ],
    targets: [ratio("time", "plain read", 1.5)],
  },
  json: {
    title: "group-by of 20 keys from JSON Lines",
    file: async () => makeJsonLines(await sales(0.1)),
    contenders: [
      { name: OURS, command: node("outgrow", "category") },
      { name: "polars, streaming", command: py("polars", "category") },
      { name: "duckdb, python", command: py("duckdb", "category") },
      FLOOR,
    ],
    targets: [],
  },
};

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "5" }, scale: { type: "string", default: "1" } },
});
const rows = Math.round(ROWS_AT_FULL_SCALE * Number(given.scale));
const wanted = positionals.length > 0 ? positionals : Object.keys(PARTS);
const unknown = wanted.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) throw new Error(`no part "${unknown}": there are ${Object.keys(PARTS).join(", ")}`);
for (const name of wanted) await bench(PARTS[name]);

async function bench({ title, file: make, contenders, targets, isCold = false }) {
  const file = await make();
  if (!isCold) readOnce(file);
  const runs = new Map(contenders.map(({ name }) => [name, []]));
  let agreed;
  for (let round = 0; round < Number(given.rounds); round++) {
    for (const { name, command } of contenders) {
      if (isCold) await measure([...py("forget", ""), file]);
      const { answer, ...figures } = await measure([...command, file]);
      if (Object.keys(answer).length > 0) agreed ??= { name, answer };
      requireSame(agreed, name, answer);
      runs.get(name).push(figures);
    }
  }
  report(title, file, runs, targets);
}

/** All of a file, so that the system has it in its cache. */
function readOnce(file) {
  const buffer = Buffer.alloc(4 * 2 ** 20);
  const opened = openSync(file);
  while (readSync(opened, buffer) > 0);
  closeSync(opened);
}

/** Wall time, processor time and peak memory of a whole process with its children, and what it printed. */
async function measure(command) {
  const child = spawn(python, [path.join(root, "bench/peers/wait4.py"), ...command], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.on("data", (data) => {
    printed += data;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}`);
  const lines = printed.trim().split("\n");
  const figures = JSON.parse(lines.pop());
  const last = lines.pop() ?? "";
  return { ...figures, answer: last.startsWith("{") ? JSON.parse(last) : {} };
}

/** Peers say as much as they know; what two of them say must be the same. */
function requireSame(agreed, name, answer) {
  for (const [figure, value] of Object.entries(answer)) {
    const known = agreed.answer[figure];
    if (known !== undefined && Math.abs(value - known) > 1e-9 * Math.abs(known))
      throw new Error(`${figure} is ${value} by ${name} and ${known} by ${agreed.name}`);
  }
}

function ratio(what, peer, most) {
  const figure = what === "time" ? "seconds" : "peak";
  return { name: `${what} / ${peer}`, of: ({ ours, of }) => ours[figure] / of(peer)[figure], most };
}

function report(title, file, runs, targets) {
  const of = (name) => {
    const all = runs.get(name);
    const middle = (figure) => median(all.map((one) => one[figure]));
    return { seconds: middle("seconds"), cpu: middle("cpu"), peak: middle("peak") };
  };
  const ours = of(OURS);
  const { size } = statSync(file);
  console.log(`\n${title}: ${path.basename(file)}, ${(size / 1e9).toFixed(2)} GB, ${given.rounds} rounds, medians`);
  console.table(
    [...runs].map(([name, all]) => {
      const { seconds, cpu, peak } = of(name);
      const walls = all.map((one) => one.seconds);
      return {
        who: name,
        "wall s": seconds.toFixed(2),
        range: `${Math.min(...walls).toFixed(2)}–${Math.max(...walls).toFixed(2)}`,
        "cpu s": cpu.toFixed(2),
        "peak MB": Math.round(peak / 1e6),
        "MB/s": Math.round(size / seconds / 1e6),
        "outgrow / it": (ours.seconds / seconds).toFixed(2),
        "memory / it": (ours.peak / peak).toFixed(2),
      };
    }),
  );
  if (targets.length === 0) return;
  console.table(
    targets.map(({ name, of: figure, most, least }) => {
      const value = figure({ ours, of });
      const isMet = most === undefined ? value >= least : value <= most;
      const target = most === undefined ? `at least ${least}` : `at most ${most}`;
      return { target: name, measured: value.toFixed(2), wanted: target, met: isMet ? "yes" : "NO" };
    }),
  );
}
