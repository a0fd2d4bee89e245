import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { type ChunkedOptions, type ChunkedRun, chunked } from "../../../src/chunked/chunked.ts";
import { firstRows } from "../../../src/chunked/first-rows.ts";
import type { DataFrame } from "../../../src/frame/frame.ts";

const folder = mkdtempSync(path.join(tmpdir(), "outgrow-lines-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function write(content: string | Uint8Array, ending = "jsonl"): string {
  const file = path.join(folder, `${files++}.${ending}`);
  writeFileSync(file, content);
  return file;
}

async function aggregated(content: string, options: ChunkedOptions) {
  const result = await chunked(write(content), { agg: undefined, ...options });
  const { engine, reason } = result.run;
  return { columns: result.columns, values: result.values, engine, reason };
}

const MIXED = [
  '{"k":"a","n":9007199254740993,"x":0.1,"ok":true}',
  '  {"x" : 0.2, "k" : "b\\u00e9\\n" , "n" : -1 }',
  "",
  '{"ok":false,"k":"a","x":1e2,"n":null,"more":[1,{"k":2}]}',
  '{"k":""}',
  '{"n":2}',
].join("\r\n");

describe("JSON Lines on the scanner", () => {
  test("keys in any order, missing ones, escapes, nulls, numbers, truth values, whole numbers beyond 2^53", async () => {
    const found = await aggregated(MIXED, { by: "k", agg: "n:sum,x:sum,ok:any,*:count" });
    expect(found).toEqual({
      columns: ["k", "n_sum", "x_sum", "ok_any", "count"],
      values: [
        ["", null, null, null, 1],
        ["a", 9007199254740993n, 100.1, true, 2],
        ["bé\n", -1n, 0.2, null, 1],
        [null, 2n, null, null, 1],
      ],
      engine: "scanner",
      reason: expect.stringContaining("each thread reads its part once"),
    });
  });

  test("the empty text is a value, and a key that is not there is none", async () => {
    const { values, engine } = await aggregated(MIXED, {
      agg: "k:count,k:nunique,k:min,k:max",
      where: "k IS NOT NULL",
    });
    expect([values, engine]).toEqual([[[4, 3, "", "bé\n"]], "scanner"]);
    const empty = await aggregated(MIXED, { agg: "*:count", where: "k = ''" });
    expect([empty.values, empty.engine]).toEqual([[[1]], "scanner"]);
  });

  test("days and moments are what the general engine makes of them", async () => {
    const content =
      '{"d":"2024-01-05","t":"2024-01-05T10:00:00.5Z"}\n{"d":"2023-12-31","t":"2024-01-05T10:00:00.25Z"}\n';
    const { values, engine } = await aggregated(content, { agg: "d:min,t:max" });
    expect([values, engine]).toEqual([[[new Date("2023-12-31"), new Date("2024-01-05T10:00:00.500Z")]], "scanner"]);
  });

  test("a number that is larger than those of the samples widens its key", async () => {
    const lines = Array.from({ length: 200_000 }, (_, i) => `{"x":${i === 150_000 ? "0.25" : i % 10}}\n`).join("");
    const { values, engine } = await aggregated(lines, { agg: "x:sum,x:min" });
    expect([values, engine]).toEqual([[[900_000.25, 0]], "scanner"]);
  });

  test("in chunks, gzip too, in the order of the lines", async () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `{"s":"${i % 3 ? `t${i % 5}` : ""}","i":${i}}\n`).join("");
    const plain = write(lines);
    const packed = write(gzipSync(lines), "jsonl.gz");
    for (const file of [plain, packed]) {
      const runs: string[] = [];
      const rows = (await chunked(file, (chunk) => chunk, {
        chunksize: 300,
        merge: "concat",
        onRun: ({ engine, chunks }) => runs.push(`${engine} ${chunks}`),
      })) as DataFrame;
      expect(rows.values).toEqual(Array.from({ length: 1000 }, (_, i) => [i % 3 ? `t${i % 5}` : "", i]));
      expect(runs).toEqual(["scanner 4"]);
    }
  });

  test("declared types", async () => {
    const content = '{"a":1,"b":2.5,"c":"x"}\n{"a":2,"b":3,"c":"y"}\n';
    const { values, engine } = await aggregated(content, {
      by: "c",
      agg: "a:sum,b:sum",
      dtype: "a:int8,b:float32,c:category",
    });
    expect([values, engine]).toEqual([
      [
        ["x", 1, 2.5],
        ["y", 2, 3],
      ],
      "scanner",
    ]);
    const late = `${'{"a":1}\n'.repeat(5000)}{"a":300}\n`;
    await expect(aggregated(late, { agg: "a:sum", dtype: "a:int8" })).rejects.toThrow(
      /row 5,001, column "a": "300" does not fit into int8/,
    );
  });

  test("of keys that nobody asks for anything may come", async () => {
    const content = '{"a":1,"b":[1]}\n{"a":2,"b":"x","c":{}}\n{"a":3,"b":null}\n';
    const { values, engine } = await aggregated(content, { agg: "a:sum" });
    expect([values, engine]).toEqual([[[6]], "scanner"]);
  });
});

test("how the keys of files differ is told, by every engine and beside chunks", async () => {
  const own = mkdtempSync(path.join(folder, "drift-"));
  writeFileSync(path.join(own, "a.jsonl"), '{"id":1,"v":2}\n');
  writeFileSync(path.join(own, "b.jsonl"), '{"v":3}\n{"v":null}\n');
  const note = expect.stringContaining('the files differ: at their starts "id" is in a.jsonl alone');
  for (const where of [undefined, "abs(v) >= 0"]) {
    const found = await chunked(own, { agg: "v:sum,id:count", where });
    expect([found.values, found.run.engine, found.run.notes.filter((one) => one.includes("differ"))]).toEqual([
      [[5, 1]],
      where ? "DuckDB" : "scanner",
      [note],
    ]);
  }
  const rows = (await chunked(own, (chunk) => chunk.values)) as unknown[] & { run: ChunkedRun };
  expect([rows.flat(), rows.run.notes]).toEqual([
    [
      [1, 2],
      [null, 3],
      [null, null],
    ],
    expect.arrayContaining([note]),
  ]);
});

const late = (line: string) => `${'{"a":1}\n'.repeat(50_000)}${line}\n`;

describe("JSON that is for the general engine, with the reason", () => {
  test.each<[string, string, string, unknown[][], RegExp]>([
    ["lists", '{"a":1,"b":[1,2]}\n{"a":2,"b":[]}\n', "b:count", [[2]], /"b" has objects or lists/],
    ["a late object", late('{"a":{"b":1}}'), "a:count", [[50_001]], /"a" has values of several kinds/],
    ["a late text", late('{"a":"x"}'), "a:nunique", [[2]], /"a" has values of several kinds/],
    ["a late key", late('{"b":7}'), "b:sum", [[7]], /a column is not in the first lines/],
    ["numbers beyond 64 bits", '{"a":18446744073709551615}\n', "a:max", [[18446744073709551615n]], /has a type that/],
    [
      "a late list among texts",
      `${'{"a":"x"}\n'.repeat(50_000)}{"a":["y"]}\n`,
      "a:count",
      [[50_001]],
      /has objects or lists as values/,
    ],
    [
      "a late number among texts",
      `${'{"a":"x"}\n'.repeat(50_000)}{"a":5}\n`,
      "a:count",
      [[50_001]],
      /has values of several kinds under one key/,
    ],
    ["what other tools write as numbers", late('{"a":NaN}'), "a:count", [[50_001]], /row 50,001 is no JSON object/],
    ["an array", '[{"a":1},{"a":2}]\n', "a:sum", [[3]], /not one object a line/],
    ["no value in the samples", '{"a":null,"b":1}\n', "a:count", [[0]], /"a" has no value in the samples/],
    ["zones", '{"a":"2024-01-05T10:00:00+02:00"}\n', "a:count", [[1]], /"a" has a type that the scanner has not/],
  ])("%s", async (_, content, agg, values, reason) => {
    const found = await aggregated(content, { agg });
    expect([found.values, found.engine]).toEqual([values, "DuckDB"]);
    expect(found.reason).toMatch(reason);
  });

  test("a line that is none is told with its row by the engine that knows all of JSON", async () => {
    await expect(aggregated(late("{a:1}"), { agg: "a:sum" })).rejects.toThrow(
      /row 50,001 is not JSON: unexpected character at byte 2/,
    );
    await expect(chunked(write(late("{a:1}")), () => 1)).rejects.toThrow(
      /row 50,001 is not JSON: unexpected character at byte 2/,
    );
  });

  test("values of several kinds come as JSON text, and that is told to who gets them", async () => {
    const file = write('{"k":1,"o":1}\n{"k":1,"o":"1"}\n{"k":2,"o":{"x":1}}\n{"k":3,"o":null}\n');
    const told = [expect.stringMatching(/^values of several kinds in o are given as JSON text/)];
    const groups = await chunked(file, { by: "o", agg: "*:count" });
    expect(groups.column("o").values).toEqual(['"1"', "1", '{"x":1}', null]);
    expect(groups.run.notes).toEqual(told);
    expect((await chunked(file, { by: "k", agg: "*:count" })).run.notes).toEqual([]);
    const read = (chunk: DataFrame) => chunk.column("o").values as unknown[];
    const runs: ChunkedRun[] = [];
    expect(await chunked(file, read, { onRun: (run) => runs.push(run) })).toEqual([["1", '"1"', '{"x":1}', null]]);
    expect(runs[0]?.notes).toEqual(told);
    const { frame, notes } = await firstRows(file, 2, {});
    expect([frame.column("o").values, notes]).toEqual([["1", '"1"'], told]);
  });

  test("a callback sees the late key in every chunk", async () => {
    const names = await chunked(write(late('{"a":1,"b":2}')), (chunk) => chunk.columns.join(), { chunksize: 30_000 });
    expect(names).toEqual(["a,b", "a,b"]);
  });
});
