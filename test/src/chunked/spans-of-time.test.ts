import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chunked } from "../../../src/chunked/chunked.ts";
import { firstRows } from "../../../src/chunked/first-rows.ts";
import { openDuckdb } from "../../../src/duckdb/session.ts";
import { quoteText } from "../../../src/duckdb/sql.ts";
import { arrow, type DataType } from "../../../src/frame/arrow.ts";
import { type DataFrame, loadFrames } from "../../../src/frame/frame.ts";
import { previewFrame } from "../../../src/frame/preview-frame.ts";

const folder = mkdtempSync(path.join(tmpdir(), "outgrow-spans-"));
const file = path.join(folder, "spans.parquet");

beforeAll(async () => {
  loadFrames();
  await write(file, new (arrow().DurationMicrosecond)());
});

async function write(to: string, type: DataType): Promise<void> {
  const { Field, Int64, Schema, Table, tableToIPC } = arrow();
  const schema = new Schema([new Field("n", new Int64(), true), new Field("d", type, true)]);
  const beside = Buffer.from(tableToIPC(new Table(schema), "stream")).toString("base64");
  await using session = await openDuckdb();
  const rows = "SELECT i AS n, CASE WHEN i = 1 THEN NULL ELSE i * 1500000 END AS d FROM range(4) t(i)";
  await session.execute(
    `COPY (${rows}) TO ${quoteText(to)} (FORMAT parquet, KV_METADATA {'ARROW:schema': '${beside}'})`,
  );
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Types and rows as they are shown. */
function shown(frame: DataFrame): unknown[] {
  const { columns, rows } = previewFrame(frame);
  return [columns.map(({ type }) => type), ...rows.map((row) => row.map(({ text }) => text))];
}

const ROWS = [
  ["int64", "timedelta64[us]"],
  ["0", "00:00:00"],
  ["1", "null"],
  ["2", "00:00:03"],
  ["3", "00:00:04.5"],
];

test("spans of time that Arrow wrote to Parquet are shown as such, and are the numbers that they were", async () => {
  const { frame } = await firstRows(file, 10, {});
  expect(shown(frame)).toEqual(ROWS);
  expect(frame.column("d").values).toEqual([0, null, 3_000_000, 4_500_000]);
  for await (const chunk of chunked(file)) expect(shown(chunk)).toEqual(ROWS);
});

test("a file that gets them is said to hold whole numbers", async () => {
  const { run } = await chunked(file, { to: path.join(folder, "numbers.csv") });
  expect(run.notes).toContain(
    '"d" is a span of time, timedelta64[us], and is written as the whole numbers that it is in the file',
  );
  const other = await chunked(file, { usecols: "n", to: path.join(folder, "other.csv") });
  expect(other.run.notes).toEqual([]);
});

test("so are those of a result: keys, and what is a span again", async () => {
  const sums = await chunked(file, { agg: "d:sum,d:max,d:count,d:mean,n:sum" });
  expect(shown(sums)).toEqual([
    ["timedelta64[us]", "timedelta64[us]", "int64", "float64", "int64"],
    ["00:00:07.5", "00:00:04.5", "3", "2500000", "6"],
  ]);
  expect(sums.values).toEqual([[7_500_000, 4_500_000, 3, 2_500_000, 6]]);
  expect(shown(await chunked(file, { by: "d", agg: "*:count" })).slice(0, 2)).toEqual([
    ["timedelta64[us]", "int64"],
    ["00:00:00", "1"],
  ]);
});

test("spans in other units are not added up, and beside plain numbers they are such", async () => {
  const { DurationMicrosecond, DurationMillisecond, Int64 } = arrow();
  const pair = async (name: string, second: DataType) => {
    mkdirSync(path.join(folder, name));
    await write(path.join(folder, name, "a.parquet"), new DurationMicrosecond());
    await write(path.join(folder, name, "b.parquet"), second);
    return chunked(path.join(folder, name), { agg: "d:sum" });
  };
  await expect(pair("units", new DurationMillisecond())).rejects.toMatchObject({
    code: "E_DRIFT",
    message: 'the files differ: "d" is timedelta64[us] in a.parquet and timedelta64[ms] in b.parquet',
  });
  expect((await chunked(path.join(folder, "units"), { agg: "n:sum" })).values).toEqual([[12]]);
  expect(shown(await pair("numbers", new Int64()))).toEqual([["int64"], ["15000000"]]);
  expect(shown(await pair("same", new DurationMicrosecond()))).toEqual([["timedelta64[us]"], ["00:00:15"]]);
});
