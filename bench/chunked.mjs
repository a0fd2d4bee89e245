// %chunked beside its peers: sum and count of amount by user_id over 20 million rows (1.1 GB of CSV), 1 million groups; what a chunk costs as a frame;
// what the magic adds to the scanner; memory by size. npm run bench -- chunked [PART…] [--scale 0.01] [--rounds 3]. Parts: see PARTS. Whole processes,
// interleaved rounds, medians.
import { spawnSync } from "node:child_process";
import { existsSync, linkSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { jupyterEnv } from "../scripts/setup/jupyter.mjs";
import { venvPaths } from "../scripts/setup/venv.mjs";
import { makeArrow, makeCsv, makeParquet, ROWS_AT_FULL_SCALE } from "./chunked/data.mjs";
import { makeJsonLines } from "./scan/data.mjs";
import { compare, measure, ratio } from "./support/compare.mjs";
import { folder, peersPython, root } from "./support/peers.mjs";

const python = peersPython();
const node = (kind) => [process.execPath, path.join(root, "bench/chunked/work.mjs"), kind];
const py = (kind) => [python, path.join(root, "bench/peers/chunked.py"), kind];
const PANDAS = "pandas 3 chunks, concat and regroup";
const CALLBACK = "outgrow, 50,000-row callback";
const ours = { name: "outgrow, engine", command: node("outgrow") };
const polars = { name: "polars streaming", command: py("polars_streaming") };
const duckdbPython = { name: "duckdb python", command: py("duckdb_python") };
const duckdbNode = { name: "duckdb node, bare", command: node("duckdb") };

const PARTS = {
  csv: () =>
    compareAll({
      title: "CSV, 1,000,000 integer keys",
      file: () => makeCsv(folder, rows),
      contenders: [
        ours,
        { name: CALLBACK, command: node("callback") },
        { name: PANDAS, command: py("pandas_concat_plain") },
        { name: "the same with pyarrow installed", command: py("pandas_concat") },
        { name: "running add, with pyarrow", command: py("pandas_add") },
        polars,
        duckdbPython,
        duckdbNode,
        { name: "plain read", command: node("read") },
      ],
      targets: [
        ratio("time", "polars streaming", 0.6),
        ratio("memory", "polars streaming", 0.45),
        { name: "pandas' time / the callback's", of: ({ of }) => of(PANDAS).seconds / of(CALLBACK).seconds, least: 5 },
        { name: "the callback's memory / pandas'", of: ({ of }) => of(CALLBACK).peak / of(PANDAS).peak, most: 0.25 },
      ],
    }),
  parquet: () =>
    compareAll({
      title: "Parquet, 1,000,000 integer keys",
      file: async () => makeParquet(await makeCsv(folder, rows)),
      contenders: [ours, polars, duckdbPython, duckdbNode],
      targets: [
        ratio("time", "polars streaming", 0.85),
        {
          name: "seconds above bare duckdb's and 5 % of them",
          of: ({ ours, of }) => ours.seconds - 1.05 * of("duckdb node, bare").seconds,
          most: 0.1,
        },
      ],
    }),
  json: () =>
    compareAll({
      title: "JSON Lines, 100,000 integer keys",
      file: async () => makeJsonLines(await makeCsv(folder, Math.round(rows * 0.1))),
      contenders: [ours, polars, duckdbPython, duckdbNode],
      targets: [],
    }),
  arrow: () =>
    compareAll({
      title: "Arrow, 250,000 integer keys",
      file: async () => makeArrow(await makeCsv(folder, Math.round(rows * 0.25))),
      contenders: [ours, polars, { name: "duckdb python, mapped by pyarrow", command: py("duckdb_arrow") }],
      targets: [],
    }),
  frame: reportFrame,
  magic: reportMagic,
  flat: reportFlat,
};

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: { scale: { type: "string", default: "1" }, rounds: { type: "string", default: "3" } },
});
const rows = Math.round(ROWS_AT_FULL_SCALE * Number(given.scale));
const wanted = positionals.length > 0 ? positionals : Object.keys(PARTS);
const unknown = wanted.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) throw new Error(`no part "${unknown}": there are ${Object.keys(PARTS).join(", ")}`);
for (const name of wanted) await PARTS[name]();

function compareAll(part) {
  return compare(part, Number(given.rounds));
}

/** Stock Danfo's group-by grows with the square of its groups: it runs once, for a minute or more. */
async function reportFrame() {
  console.error("a chunk as a frame, once with stock Danfo's group-by");
  const { answer } = await measure([
    process.execPath,
    path.join(root, "bench/chunked/frame.mjs"),
    await makeCsv(folder, 100_000),
  ]);
  const { groups, build, grouped } = answer;
  const line = (what, { ours, stock }, least) => ({
    what,
    "outgrow ms": ours.toFixed(3),
    "stock Danfo ms": stock.toFixed(1),
    "times as fast": Math.round(stock / ours).toLocaleString("en-US"),
    wanted: `at least ${least.toLocaleString("en-US")}`,
    met: stock / ours >= least ? "yes" : "NO",
  });
  console.log("\nA frame of 50,000 rows by 6 columns");
  console.table([line("build", build, 50), line(`group by, ${groups.toLocaleString("en-US")} groups`, grouped, 1000)]);
}

/** In one kernel, in turns: the magic, and the same question to the scanner; and how long the executor's event loop stands still at a time. */
async function reportMagic() {
  const script = path.join(root, "bench/peers/magic.py");
  const done = spawnSync(venvPaths(root).python, [script, await makeCsv(folder, rows), given.rounds], {
    env: jupyterEnv(root),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (done.status !== 0) throw new Error("the kernel did not answer");
  const { magic, scanner, blocked } = JSON.parse(done.stdout);
  const over = magic - scanner;
  console.log("\nThe magic beside the bare scanner, in one kernel, to idle; the event loop of the executor meanwhile");
  console.table([
    { what: "magic, seconds", measured: magic.toFixed(2) },
    { what: "scanner, seconds", measured: scanner.toFixed(2) },
    {
      what: "magic - scanner, seconds",
      measured: over.toFixed(2),
      "at most": Math.max(0.1, 0.05 * scanner).toFixed(2),
    },
    { what: "event loop stood still, ms", measured: blocked.toFixed(0), "at most": 50 },
  ]);
}

/** By 20 keys, so that the answer stays the same; the largest source is the same file under four names. */
async function reportFlat() {
  const [small, whole] = [await makeCsv(folder, Math.round(rows / 10)), await makeCsv(folder, rows)];
  const lines = [];
  for (const [source, bytes] of [
    [small, statSync(small).size],
    [whole, statSync(whole).size],
    [fourfold(whole), 4 * statSync(whole).size],
  ])
    for (const kind of ["category", "category-callback"]) {
      const { seconds, peak } = await measure([...node(kind), source]);
      console.error(`${(bytes / 1e9).toFixed(2)} GB, ${kind}: ${seconds.toFixed(2)} s`);
      lines.push({
        GB: (bytes / 1e9).toFixed(2),
        by: kind,
        "wall s": seconds.toFixed(2),
        "peak MB": Math.round(peak / 1e6),
      });
    }
  console.log("\nMemory by the size of the source, 20 keys");
  console.table(lines);
}

function fourfold(file) {
  const copies = path.join(folder, `fourfold-${rows}`);
  mkdirSync(copies, { recursive: true });
  for (const name of ["a", "b", "c", "d"]) {
    const copy = path.join(copies, `${name}.csv`);
    if (!existsSync(copy)) linkSync(file, copy);
  }
  return path.join(copies, "*.csv");
}
