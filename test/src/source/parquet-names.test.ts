import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DuckdbSession, openDuckdb } from "../../../src/duckdb/session.ts";
import { parquetNames } from "../../../src/source/parquet-names.ts";

let folder: string;
let session: DuckdbSession;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-names-"));
  session = await openDuckdb();
});
afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ["one column", "SELECT 1 AS a"],
  [
    "nested columns are one each",
    "SELECT 1 AS a, {x: 1, y: {z: [1]}} AS s, [[{q: 1}]] AS l, MAP {'k': [1.5]} AS m, 'ä' AS \"ünï cödé\", '' AS b",
  ],
  [
    "more than a list's short form counts",
    `SELECT ${Array.from({ length: 2000 }, (_, i) => `${i} AS "c ${i}"`).join(", ")}`,
  ],
  [
    "types with parameters",
    "SELECT 1.5::DECIMAL(18,4) AS d, now() AS z, DATE '2020-01-01' AS day, true AS t, 'x'::BLOB AS bin, 1::HUGEINT AS h, uuid() AS u, TIME '10:00' AS tm",
  ],
])("%s", async (_, sql) => {
  const file = path.join(folder, "a.parquet");
  await session.execute(`COPY (${sql}) TO '${file}' (FORMAT parquet)`);
  expect(await parquetNames(file)).toEqual((await session.describe(sql)).map(({ name }) => name));
});

test("what is passed over is passed as a whole", async () => {
  // A text and then the schema, in which the name stands behind another text: the length of a text was no part of it.
  const text = [0x18, 0x03, 0x11, 0x19, 0x2c];
  const element = (name: string) => [0x48, name.length, ...Buffer.from(name), 0x15, 0x00, 0x00];
  const footer = Buffer.from([...text, 0x19, 0x2c, ...element("root"), ...element("a"), 0x00]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  const file = path.join(folder, "text.parquet");
  writeFileSync(file, Buffer.concat([Buffer.from("PAR1"), footer, length, Buffer.from("PAR1")]));
  expect(await parquetNames(file)).toEqual(["a"]);
});

test("of what is no Parquet file there are none", async () => {
  for (const bytes of ["", "PAR1", "PAR1PAR1PAR1PAR1", `PAR1${"\xff".repeat(40)}\x20\0\0\0PAR1`]) {
    const file = path.join(folder, "bad.parquet");
    writeFileSync(file, bytes, "latin1");
    expect(await parquetNames(file)).toEqual([]);
  }
});

test("a damaged footer that counts to the end of numbers ends", async () => {
  const list = Buffer.from([0x19, 0xf1, ...Array<number>(7).fill(0xff), 0x0f, 0]);
  const map = Buffer.from([0x1b, ...Array<number>(7).fill(0xff), 0x0f, 0x11, 0]);
  for (const footer of [list, map]) {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    const file = path.join(folder, "damaged.parquet");
    writeFileSync(file, Buffer.concat([Buffer.from("PAR1"), footer, length, Buffer.from("PAR1")]));
    expect(await parquetNames(file)).toEqual([]);
  }
});
