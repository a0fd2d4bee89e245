// One piece of work of bench/scan.mjs in a process of its own: node work.mjs WHO WORK FILE. Prints what it found.
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createGunzip } from "node:zlib";

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const require = createRequire(path.join(root, "dist/src/index.js"));
const [who, work, file] = process.argv.slice(2);
const KEYS = { category: "category", user: "user_id", string: "key" };
const FIVE = ["sum", "count", "min", "max", "mean"];
const names = work === "category" ? FIVE : FIVE.slice(0, 2);

const WHO = {
  async outgrow() {
    const { resolveSource, ScanAhead, scanColumns, scanGroups, scanStatistics, sniffTable } = await import(
      path.join(root, "dist/src/scan/index.js")
    );
    const source = await resolveSource(file);
    const ahead = new ScanAhead(source);
    const table = await sniffTable(source);
    if (work === "statistics") return { rows: (await scanStatistics(table, {}, { ahead })).rows };
    if (work === "columns") {
      let [rows, sum] = [0, 0];
      for await (const chunk of scanColumns(table, { rows: 50_000 }, { ahead })) {
        rows += chunk.rows;
        for (const value of chunk.columns.find(({ name }) => name === "amount").values) sum += value;
      }
      return { rows, sum };
    }
    const aggregates = names.map((fn) => ({ fn, column: fn === "count" ? "*" : "amount", name: fn }));
    const { columns, groups } = await scanGroups(table, { keys: [KEYS[work]], aggregates }, { ahead });
    return totals(groups, (name) => columns.find((column) => column.name === name).values);
  },
  async duckdb() {
    const { DuckDBInstance } = require("@duckdb/node-api");
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const source = file.includes(".jsonl") ? `read_json('${file}')` : `read_csv('${file}')`;
    if (work === "statistics") {
      const reader = await connection.runAndReadAll(`SUMMARIZE SELECT * FROM ${source}`);
      return { rows: Number(reader.getRows()[0].at(-2)) };
    }
    const each = names.map(
      (name) => `${{ count: "count(*)", mean: "avg(amount)" }[name] ?? `${name}(amount)`}::DOUBLE`,
    );
    const reader = await connection.runAndReadAll(`SELECT ${KEYS[work]}, ${each.join(", ")} FROM ${source} GROUP BY 1`);
    const columns = reader.getColumns();
    return totals(columns[0].length, (name) => columns[1 + names.indexOf(name)]);
  },
  /** The least that there is to do: the bytes reach the process. */
  async read() {
    const buffer = Buffer.alloc(4 * 2 ** 20);
    const handle = openSync(file);
    while (readSync(handle, buffer) > 0);
    closeSync(handle);
    return {};
  },
  async inflate() {
    const drain = async (chunks) => {
      for await (const _ of chunks);
    };
    await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), createGunzip({ chunkSize: 2 ** 20 }), drain);
    return {};
  },
};

console.log(JSON.stringify(await WHO[who]()));
process.exit(0);

function totals(groups, valuesOf) {
  return { groups, ...Object.fromEntries(names.map((name) => [name, sumOf(valuesOf(name))])) };
}

/** The plainest loops: by `reduce`, or with a million BigInts, the sums of two million values would take as long as reading a tenth of the rows, and be counted as the scanner's. */
function sumOf(values) {
  let sum = 0;
  if (values instanceof BigInt64Array) {
    const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
    for (let i = 0; i < halves.length; i += 2) sum += halves[i + 1] * 2 ** 32 + (halves[i] >>> 0);
  } else for (let i = 0; i < values.length; i++) sum += Number(values[i]);
  return sum;
}
