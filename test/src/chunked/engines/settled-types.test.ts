import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { chunked } from "../../../../src/chunked/chunked.ts";
import { columnsOf, type DataFrame } from "../../../../src/frame/frame.ts";
import type { ProgressEvent } from "../../../../src/progress.ts";

const folder = mkdtempSync(path.join(tmpdir(), "outgrow-settled-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Behind what either engine looks at. */
const ROWS = 150_000;

function fileWith(value: string, rows = ROWS, usual = (i: number) => `${i % 5}`): string {
  const file = path.join(folder, "late.csv");
  const lines = Array.from({ length: rows }, (_, i) => `${i},${usual(i)}`);
  writeFileSync(file, `id,v\n${lines.join("\n")}\n7,${value}\n`);
  return file;
}

/** Of the column v: what it is, its largest value, and what is said of it. */
async function told(file: string, more: string): Promise<unknown> {
  const result = await chunked(file, { agg: `v:max,v:count${more}` });
  const [max] = columnsOf(result as DataFrame);
  return [max?.type, max?.toArray(), result.run.notes.filter((note) => note.includes('"v"'))];
}

test.each([
  ["007", "str"],
  ["+49", "str"],
  ["0x1F", "str"],
  ["1_000", "str"],
  ["-", "str"],
  ["1e5", "float64"],
  ["1.", "float64"],
  ["12", "int64"],
])("a late %s makes the column %s, whichever engine computes", async (value, type) => {
  const file = fileWith(value);
  const [scanned, computed] = [await told(file, ""), await told(file, ",id:median")];
  expect(computed).toEqual(scanned);
  expect(scanned).toEqual([type, expect.anything(), expect.anything()]);
});

test.each(["007", "007.5", "+49", "1_000.5"])("a late %s among decimals is as little a number", async (value) => {
  const file = fileWith(value, ROWS, (i) => `${i % 5}.25`);
  const scanned = await told(file, "");
  expect(await told(file, ",id:median")).toEqual(scanned);
  expect(scanned).toEqual(["str", ["4.25"], [expect.stringContaining("is read as str and not as float64")]]);
});

test.each([
  ["2024-01-05 10:00:00", "", "datetime64[us]"],
  ["2024-01-05T10:00:00.5Z", " 10:00:00", "str"],
  ["none", "", "str"],
])("a late %s among moments is no other group, whichever engine computes", async (value, time, type) => {
  const file = fileWith(value, ROWS, (i) => `2024-01-0${(i % 9) + 1}${time}`);
  const groups = async (agg: string) => {
    const result = (await chunked(file, { by: "v", agg })) as DataFrame;
    const [keys] = columnsOf(result);
    return [keys?.type, keys?.toArray()];
  };
  const scanned = await groups("id:count");
  expect(await groups("id:median")).toEqual(scanned);
  expect(scanned).toEqual([type, expect.objectContaining({ length: 10 })]);
});

test("a condition or a key that does not work for such a type says which value it is of", async () => {
  const hint = expect.stringContaining('column "v" is read as str and not as int64: late.csv row 150,001 has "007"');
  const file = fileWith("007");
  const to = path.join(folder, "none.parquet");
  const queries = [
    { agg: "id:median", where: "v > 2" },
    { agg: "id:sum", by: "v + 1 AS w" },
    { agg: "id:median", where: "v > 2", to },
    { where: "v > 2", to },
  ];
  for (const query of queries)
    await expect(chunked(file, query), JSON.stringify(query)).rejects.toMatchObject({ name: "UsageError", hint });
});

test.each(["007", "1_000", "0x1F"])("where numbers are needed a late %s is an error with its place", async (value) => {
  const place = {
    code: "E_BAD_VALUE",
    message: `late.csv row 150,001, column "v": "${value}" is not an int64 (line 150,002)`,
  };
  const file = fileWith(value);
  for (const agg of ["v:sum", "v:median"]) await expect(chunked(file, { agg }), agg).rejects.toMatchObject(place);
});

test.each(["int64", "float64"])("1_000 is none of a declared %s", async (dtype) => {
  const file = fileWith("1_000", 3);
  for (const agg of ["v:max", "v:max,id:median"])
    await expect(chunked(file, { agg, dtype: { v: dtype } }), agg).rejects.toMatchObject({
      code: "E_BAD_VALUE",
      message: expect.stringContaining(`late.csv row 4, column "v": "1_000" is not a`),
    });
});

test("rows that go to a file have those types too", async () => {
  const file = fileWith("007");
  const to = path.join(folder, "out.parquet");
  const { run } = await chunked(file, { to });
  expect(run.notes.join()).toContain('column "v" is read as str');
  expect((await chunked(to, { agg: "v:max", where: "v LIKE '0%7'" })).values).toEqual([["007"]]);
});

test("how far the look at all values is, is told before the query", async () => {
  const notes: string[] = [];
  const onProgress = ({ note }: ProgressEvent) => void notes.push(note ?? "");
  await chunked(fileWith("5", 800_000), { agg: "v:median", onProgress });
  const [first] = notes.filter((note) => note !== "");
  expect(first).toMatch(/^types: .*of 6\.8 MiB/);
  expect(notes.at(-1)).not.toContain("types");
});
