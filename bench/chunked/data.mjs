// The data of the chunked bench: user_id (20 rows each on average), category, amount (2 decimals), ts, city, note (some
// quoted, some missing). Same seed, same bytes. Written once by a fast generator: 20 million rows take about 20 s.

import { once } from "node:events";
import { createWriteStream, existsSync, mkdirSync, renameSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

export const ROWS_AT_FULL_SCALE = 20_000_000;

/** The CSV of `rows` rows in `folder`, made when it is not there; `onRows` is told now and then how many there are. */
export async function makeCsv(folder, rows, onRows = () => undefined) {
  const file = path.join(folder, `chunked-${rows}.csv`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const out = createWriteStream(`${file}.part`, { highWaterMark: 8 * 2 ** 20 });
  out.write("user_id,category,amount,ts,city,note\n");
  const users = Math.max(1, Math.round(rows / 20));
  const random = mulberry(20251124);
  const pick = (count) => Math.floor(random() * count);
  for (let row = 0; row < rows; ) {
    const lines = [];
    for (const end = Math.min(rows, row + 50_000); row < end; row++) {
      const cents = 1 + pick(50_000);
      const amount = `${(cents / 100) | 0}.${String(cents % 100).padStart(2, "0")}`;
      const minute = pick(525_600);
      const ts = `2025-${two(1 + (((minute / 43_800) | 0) % 12))}-${two(1 + (((minute / 1440) | 0) % 28))}T${two(((minute / 60) | 0) % 24)}:${two(minute % 60)}:00Z`;
      lines.push(`${1 + pick(users)},cat_${two(pick(20))},${amount},${ts},city_${pick(1000)},${note(pick(10))}\n`);
    }
    if (!out.write(lines.join(""))) await once(out, "drain");
    onRows(row);
  }
  out.end();
  await once(out, "finish");
  renameSync(`${file}.part`, file);
  return file;
}

/** The rows of a CSV as Parquet, beside it. */
export async function makeParquet(csv) {
  const file = csv.replace(/\.csv$/, ".parquet");
  if (existsSync(file)) return file;
  const { DuckDBInstance } = createRequire(import.meta.url)("@duckdb/node-api");
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run(`COPY (FROM '${csv}') TO '${file}.part' (FORMAT parquet)`);
  renameSync(`${file}.part`, file);
  return file;
}

/** The rows of a CSV as an Arrow file, beside it. */
export async function makeArrow(csv) {
  const file = csv.replace(/\.csv$/, ".arrow");
  if (existsSync(file)) return file;
  const { chunked } = await import("../../dist/src/index.js");
  await chunked(csv, { to: file });
  return file;
}

function note(kind) {
  if (kind < 4) return "";
  return kind === 4 ? '"gift, wrapped"' : "ok";
}

function two(number) {
  return number < 10 ? `0${number}` : String(number);
}

/** 32-bit generator with a fixed seed, fast enough for a hundred million draws. */
function mulberry(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
