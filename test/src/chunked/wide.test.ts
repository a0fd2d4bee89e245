import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { chunked } from "../../../src/chunked/chunked.ts";
import { firstRows } from "../../../src/chunked/first-rows.ts";
import { DuckdbSession } from "../../../src/duckdb/session.ts";
import { profile } from "../../../src/profile/profile.ts";

const COLUMNS = 6_000;
const ROWS = 60;
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-wide-"));
  const line = (value: (column: number) => unknown) => Array.from({ length: COLUMNS }, (_, i) => value(i)).join(",");
  const value = (row: number) => (i: number) => [row * 10_000 + i, `${row}.25`, `text ${row % 7}`][i % 3];
  const rows = Array.from({ length: ROWS }, (_, row) => line(value(row)));
  const text = `${[line((i) => `column_${i}`), ...rows].join("\n")}\n`;
  writeFileSync(path.join(folder, "wide.csv"), text);
  writeFileSync(path.join(folder, "wide.csv.gz"), gzipSync(text));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(["wide.csv", "wide.csv.gz"])(
  "%s has the types of its values, though a row is longer than what is mostly looked at",
  async (name) => {
    const file = path.join(folder, name);
    const last = [`column_${COLUMNS - 3}`, `column_${COLUMNS - 2}`, `column_${COLUMNS - 1}`];
    const { frame } = await firstRows(file, 3, {});
    expect(frame.shape).toEqual([3, COLUMNS]);
    const values = last.map((column) => (frame.column(column).values as unknown[])[1]);
    expect(values).toEqual([10_000 + COLUMNS - 3, 1.25, "text 1"]);
    const sums = await chunked(file, { by: last[2], agg: `${last[0]}:sum,${last[1]}:max` });
    expect(sums.run.engine).toBe("scanner");
    expect(sums.shape).toEqual([7, 3]);
    const estimate = await profile(file, { fast: true });
    expect(estimate.columns.slice(-3).map(({ type }) => type)).toEqual(["int64", "float64", "str"]);
  },
);

test("DuckDB finds the dates of a wide file in the memory that it has", async () => {
  const file = path.join(folder, "dates.csv");
  const texts = (row: number) => Array.from({ length: 1_500 }, (_, i) => `text ${i} ${row}`).join(",");
  const names = Array.from({ length: 1_500 }, (_, i) => `text_${i}`).join(",");
  const rows = Array.from({ length: 2_000 }, (_, row) => `${row},${(row % 28) + 1}.12.2024,31.12.24,${texts(row)}`);
  writeFileSync(file, `n,day,short,${names}\n${rows.join("\n")}\n`);
  const frame = await chunked(file, { agg: "n:median,day:max,short:max", usecols: "n,day,short" });
  expect(frame.run.engine).toBe("DuckDB");
  expect(frame.values).toEqual([[999.5, new Date("2024-12-28"), "31.12.24"]]);
}, 60_000);

test("a sum of text is refused with no look at the other thousands of texts", async () => {
  using asked = vi.spyOn(DuckdbSession.prototype, "query");
  const sum = chunked(path.join(folder, "wide.csv"), { agg: "column_2:sum" });
  await expect(sum).rejects.toMatchObject({ code: "E_WRONG_TYPE" });
  expect(asked.mock.calls.length).toBeLessThan(10);
});
