// One piece of work of the chunked bench in a process of its own: node work.mjs KIND FILE. Prints {groups, sum, count}.
import { closeSync, openSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const require = createRequire(path.join(root, "dist/src/index.js"));
const [kind, file] = process.argv.slice(2);

const library = () => import(process.env.OUTGROW_LIBRARY ?? path.join(root, "dist/src/index.js"));
const AGGREGATES = { amount: ["sum", "count"] };

const KINDS = {
  async outgrow() {
    const frame = await (await library()).chunked(file, { by: "user_id", agg: "amount:sum,*:count" });
    return total(frame, "amount_sum", "count");
  },
  async callback() {
    return byCallback("user_id");
  },
  async category() {
    const frame = await (await library()).chunked(file, { by: "category", agg: "amount:sum,*:count" });
    return total(frame, "amount_sum", "count");
  },
  async "category-callback"() {
    return byCallback("category");
  },
  async duckdb() {
    const { DuckDBInstance } = require("@duckdb/node-api");
    const instance = await DuckDBInstance.create(":memory:", { memory_limit: "1GB" });
    const connection = await instance.connect();
    const sql = `SELECT user_id, sum(amount), count(*) FROM '${file}' GROUP BY user_id`;
    const result = await connection.stream(sql);
    let [groups, sum, count] = [0, 0, 0];
    for (let chunk = await result.fetchChunk(); chunk?.rowCount > 0; chunk = await result.fetchChunk()) {
      const [sums, counts] = [chunk.getColumnValues(1), chunk.getColumnValues(2)];
      groups += chunk.rowCount;
      for (let i = 0; i < sums.length; i++) {
        sum += sums[i];
        count += Number(counts[i]);
      }
    }
    return { groups, sum, count };
  },
  /** The least that there is to do: the bytes reach the process. */
  async read() {
    const buffer = Buffer.alloc(4 * 2 ** 20);
    const handle = openSync(file);
    while (readSync(handle, buffer) > 0);
    closeSync(handle);
    return {};
  },
};

console.log(JSON.stringify(await KINDS[kind]()));
process.exit(0);

async function byCallback(key) {
  const each = (chunk) => chunk.groupby([key]).agg(AGGREGATES);
  const frame = await (await library()).chunked(file, each, { chunksize: 50_000, usecols: `${key},amount` });
  return total(frame, "amount_sum", "amount_count");
}

/** As the peers do: by the column, of which no array of values is made. */
function total(frame, sum, count) {
  return { groups: frame.shape[0], sum: frame.column(sum).sum(), count: frame.column(count).sum() };
}
