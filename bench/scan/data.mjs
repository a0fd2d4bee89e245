// The other files of the scan bench: a million different texts as keys, the sales of the chunked bench as JSON Lines and packed.
// Same seed, same bytes; written once.
import { once } from "node:events";
import { createReadStream, createWriteStream, existsSync, renameSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

/** `rows` rows of key and amount; each key comes 20 times on average. */
export function makeStringKeys(folder, rows) {
  const keys = Math.max(1, Math.round(rows / 20));
  let state = 20251125;
  const pick = (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * count);
  };
  return make(path.join(folder, `strings-${rows}.csv`), async (write) => {
    await write("key,amount\n");
    for (let row = 0; row < rows; ) {
      const lines = [];
      for (const end = Math.min(rows, row + 50_000); row < end; row++)
        lines.push(`key_${pick(keys).toString(36)},${pick(500)}.${10 + pick(90)}\n`);
      await write(lines.join(""));
    }
  });
}

/** The rows of a CSV as JSON Lines, numbers as numbers, missing notes as null. */
export function makeJsonLines(csv) {
  return make(csv.replace(/\.csv$/, ".jsonl"), async (write) => {
    const [lines, names] = [[], []];
    for await (const line of createInterface({ input: createReadStream(csv) })) {
      if (names.length === 0) {
        names.push(...line.split(","));
        continue;
      }
      const [user, category, amount, ts, city, ...note] = line.split(",");
      const values = [Number(user), category, Number(amount), ts, city, note.join(",").replaceAll('"', "") || null];
      lines.push(`${JSON.stringify(Object.fromEntries(names.map((name, i) => [name, values[i]])))}\n`);
      if (lines.length === 50_000) await write(lines.splice(0).join(""));
    }
    await write(lines.join(""));
  });
}

export async function makeGzip(csv) {
  const file = `${csv}.gz`;
  if (existsSync(file)) return file;
  await pipeline(createReadStream(csv), createGzip(), createWriteStream(`${file}.part`));
  renameSync(`${file}.part`, file);
  return file;
}

async function make(file, fill) {
  if (existsSync(file)) return file;
  const out = createWriteStream(`${file}.part`, { highWaterMark: 8 * 2 ** 20 });
  await fill(async (text) => {
    if (!out.write(text)) await once(out, "drain");
  });
  out.end();
  await once(out, "finish");
  renameSync(`${file}.part`, file);
  return file;
}
