import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { chunked } from "../../../src/chunked/chunked.ts";
import { readResident } from "../../../src/memory.ts";
import { forgetProfiles } from "../../../src/profile/cache.ts";
import { profileDocument } from "../../../src/profile/document.ts";
import { profile } from "../../../src/profile/profile.ts";
import { folder, write } from "./generate.ts";

// A profile kept on disk by an earlier run would answer instead of the pass under test.
delete process.env.OUTGROW_CACHE_DIR;

const dir = folder();
afterAll(() => rmSync(dir, { recursive: true, force: true }));
beforeEach(() => forgetProfiles());

describe("very wide data", () => {
  const WIDTH = 600;
  const HEIGHT = 90;
  const valueAt = (row: number, at: number): string | number =>
    at % 3 === 0 ? `k${(row * (at + 7)) % 17}` : at % 3 === 1 ? (row * at) % 1000 : row % 10 === 0 ? "" : row / 4;

  test("is measured as narrow data are, in bounded memory", async () => {
    const lines = Array.from({ length: HEIGHT }, (_, row) =>
      Array.from({ length: WIDTH }, (_, at) => valueAt(row, at)).join(","),
    );
    const names = Array.from({ length: WIDTH }, (_, at) => `c${at}`);
    const file = write(dir, "wide.csv", `${names.join(",")}\n${lines.join("\n")}\n`);
    const before = readResident();
    const { columns, rows } = await profile(file);
    expect(readResident() - before).toBeLessThan(900e6);
    expect(rows).toBe(HEIGHT);
    expect(columns.map(({ name }) => name)).toEqual(names);
    for (const [at, { nulls, distinct, min, max, distinctExact }] of columns.entries()) {
      const values = Array.from({ length: HEIGHT }, (_, row) => valueAt(row, at)).filter((value) => value !== "");
      const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      expect({ at, nulls, distinct, min, max, distinctExact }).toEqual({
        at,
        nulls: HEIGHT - values.length,
        distinct: new Set(values).size,
        min: sorted[0],
        max: sorted.at(-1),
        distinctExact: true,
      });
    }
  });
});

test("a word for missing among numbers is named from the first rows on", async () => {
  const lines = Array.from({ length: 500 }, (_, i) => `${i % 7 === 0 ? "NA" : i},${i % 3 === 0 ? "-" : "N/A"}`);
  const file = write(dir, "words.csv", `x,w\n${lines.join("\n")}\n`);
  const [x, w] = (await profile(file)).columns;
  expect(x).toMatchObject({ type: "str", nulls: 0 });
  expect(x?.proof).toContain('72 of 500 values do not read as float64: "NA", which --na NA would read as missing');
  expect(w).toMatchObject({ type: "str", advised: "category", distinct: 2 });
  expect((await profile(file, { na: ["NA"] })).columns[0]).toMatchObject({ type: "int64", nulls: 72, max: 499 });
});

test("a total below a column of numbers is named", async () => {
  const lines = Array.from({ length: 200 }, (_, i) => `${i},k${i}`);
  const file = write(dir, "total.csv", `id,key\n${lines.join("\n")}\nTotal,\n`);
  const [id] = (await profile(file)).columns;
  expect(id).toMatchObject({ type: "str", distinct: 201 });
  expect(id?.proof).toContain(
    '1 of 201 values does not read as float64: "Total", which --na Total would read as missing',
  );
});

test.each([
  ["ISO", (day: number) => `2024-01-${day}`, "datetime64[us]"],
  ["another order", (day: number) => `${day}.01.2024`, "date"],
])("a total below a column of days in %s is named", async (_, dayOf, type) => {
  const lines = Array.from({ length: 200 }, (_, i) => `${dayOf(10 + (i % 20))};${i}`);
  const file = write(dir, "days.csv", `day;n\n${lines.join("\n")}\nSumme;9\n`);
  const [day] = (await profile(file)).columns;
  expect(day).toMatchObject({ type: "str", distinct: 21 });
  const misfit = `1 of 201 values does not read as ${type}: "Summe", which --na Summe would read as missing`;
  expect(day?.proof).toContain(misfit);
  expect((await profile(file, { na: ["Summe"] })).columns[0]).toMatchObject({ type: "date", nulls: 1 });
  const month = chunked(file, { by: "month(day) AS month", agg: "n:sum" });
  await expect(month).rejects.toMatchObject({
    code: "E_BAD_KEY",
    hint: '"day" is text; where it should be numbers or dates, %profile names the values that are none, and --na reads them as missing',
  });
});

test("of bytes that are not UTF-8 says that later lines stop at them, and gives pandas none to read", async () => {
  const rows = Array.from({ length: 100 }, (_, i) => Buffer.from(`${i},Zo\u00eb\n`, i > 95 ? "latin1" : "utf8"));
  const file = path.join(dir, "mixed.csv");
  writeFileSync(file, Buffer.concat([Buffer.from("id,name\n"), ...rows]));
  const made = await profile(file);
  expect(made.rejected.rows).toBe(4);
  const { blocks } = profileDocument(made);
  expect(JSON.stringify(blocks)).toContain("%chunked stops at such bytes: say --encoding");
  expect(blocks.some((block) => block.kind === "code" && block.title === "in pandas")).toBe(false);
});

test("no integer type is advised where -0 would lose its sign", async () => {
  const zeros = (await profile(write(dir, "zeros.csv", "a\n-0\n1\n-0\n"))).columns[0];
  expect(zeros?.advised).not.toMatch(/int/);
  const others = (await profile(write(dir, "ones.csv", "a\n-1.0\n1.0\n0.0\n"))).columns[0];
  expect(others).toMatchObject({ type: "float64", advised: "int8" });
});

describe("what pandas takes for values that it keeps as Python objects", () => {
  test("is what memory_usage(deep=True) counts: the dict and the list, not what is in them", async () => {
    const lines = Array.from({ length: 400 }, (_, i) =>
      JSON.stringify({ id: i, user: i % 4 === 0 ? null : { id: i, name: "x".repeat(300), is: true } }),
    );
    const file = write(dir, "users.jsonl", `${lines.join("\n")}\n`);
    // As pandas 3.1 says: 300 dicts of 184 bytes, 100 None of 16, a slot for each; int64 and the index.
    expect((await profile(file)).sizes).toMatchObject({ pandas3: 400 * 8 + 300 * 192 + 100 * 24 + 132 });
  });

  test("a dictionary of texts in an Arrow file is a category already, for which nothing is advised", async () => {
    const names = Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? "red" : "green"));
    const table = tableFromArrays({ name: names, v: Int32Array.from(names.keys()) });
    const file = write(dir, "colours.arrow", Buffer.from(tableToIPC(table, "file")));
    const { columns, sizes } = await profile(file);
    expect(columns.map(({ type, advised }) => [type, advised])).toEqual([
      ["category", "category"],
      ["int32", "int16"],
    ]);
    expect(sizes.pandas3).toBeLessThan(3000 * 5 + 500);
  });
});
