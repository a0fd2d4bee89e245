// The scanner beside its peers: npm run bench -- scan [PART…] [--rounds 5] [--scale 1]. Whole processes in interleaved rounds,
// medians of wall time, processor time and peak memory; every answer is compared with the first. Parts: see PARTS.
import path from "node:path";
import { parseArgs } from "node:util";
import { makeCsv, ROWS_AT_FULL_SCALE } from "./chunked/data.mjs";
import { makeGzip, makeJsonLines, makeStringKeys } from "./scan/data.mjs";
import { compare, ratio } from "./support/compare.mjs";
import { folder, peersPython, root } from "./support/peers.mjs";

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

const timesAsFast = (peer) => ({
  name: `times as fast as ${peer}`,
  of: ({ ours, of }) => of(peer).seconds / ours.seconds,
  least: 5,
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
      { name: "pandas 3, load and deep memory", command: py("pandas_plain", "statistics") },
      { name: "the same with pyarrow installed", command: py("pandas", "statistics") },
      { name: "polars, streaming, fewer figures", command: py("polars", "statistics") },
      FLOOR,
    ],
    targets: [
      ratio("time", "duckdb SUMMARIZE, python", 0.15),
      ratio("time", "duckdb SUMMARIZE, node", 0.15),
      ratio("time", "pandas 3, load and deep memory", 0.4),
      ratio("time", "the same with pyarrow installed", 0.4),
      { name: "peak MB", of: ({ ours }) => ours.peak / 1e6, most: 100 },
    ],
  },
  columns: {
    title: "six columns to a callback, 50,000 rows at a time",
    file: () => sales(1),
    contenders: [
      { name: OURS, command: node("outgrow", "columns") },
      { name: "pandas 3 in chunks", command: py("pandas_plain", "columns") },
      { name: "the same with pyarrow installed", command: py("pandas", "columns") },
      FLOOR,
    ],
    targets: [
      { name: "million rows a second", of: ({ ours }) => rows / ours.seconds / 1e6, least: 5 },
      timesAsFast("pandas 3 in chunks"),
      timesAsFast("the same with pyarrow installed"),
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
for (const name of wanted) await compare(PARTS[name], Number(given.rounds));
