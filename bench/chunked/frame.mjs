// A chunk as a frame, ours beside stock Danfo, in one process: node frame.mjs FILE. Prints milliseconds to build a frame of the first 50,000 rows by
// six columns, and to group them by a key that nearly every row has for itself.
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const library = path.join(root, "dist/src/index.js");
const require = createRequire(library);
const { DataFrame } = require("danfojs-node");
const { frameFromColumns, resolveSource, scanColumns, sniffTable } = await import(library);
const ROWS = 50_000;
const ROUNDS = 5;

const table = await sniffTable(await resolveSource(process.argv[2]));
const scan = scanColumns(table, { rows: ROWS });
const { columns } = (await scan.next()).value;
await scan.return();
const keys = columns.map(({ name, values }) =>
  name === "user_id" ? { name, type: "int32", values: apart(values) } : {},
);
const typed = columns.map((column, i) => ({ ...column, ...keys[i] }));
const plain = Object.fromEntries(frameFromColumns(typed).columns.map((name) => [name, plainValues(name)]));
const rows = Array.from({ length: ROWS }, (_, row) => Object.values(plain).map((values) => values[row]));

const [ours, fromColumns, fromRows] = [
  () => frameFromColumns(typed),
  () => new DataFrame(plain),
  () => new DataFrame(rows, { columns: Object.keys(plain) }),
];
const build = { ours: least(ours), stock: Math.min(least(fromColumns), least(fromRows)) };
const group = (frame) => frame.groupby(["user_id"]).agg({ amount: ["sum", "count"] });
const [lazy, stock] = [ours(), fromColumns()];
const groups = group(lazy).shape[0];
const grouped = { ours: least(() => group(ours()).values), stock: once(() => group(stock)) };
console.log(JSON.stringify({ groups, build, grouped }));
process.exit(0);

/** One row in fifty has the key of another: 49,000 groups. */
function apart(values) {
  return Int32Array.from(values, (_, row) => ((row % 50 === 0 ? row + 1 : row) * 7919) % 1_000_003);
}

/** Danfo's input as its reader of CSV leaves it. */
function plainValues(name) {
  return frameFromColumns(typed)
    .column(name)
    .values.map((value) => (value instanceof Date ? value.toISOString() : value));
}

function least(work) {
  return Math.min(...Array.from({ length: ROUNDS }, () => once(work)));
}

function once(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}
