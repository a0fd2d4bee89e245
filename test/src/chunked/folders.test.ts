import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chunked, explainChunked } from "../../../src/chunked/chunked.ts";
import { type DuckdbSession, openDuckdb } from "../../../src/duckdb/session.ts";
import { quoteText } from "../../../src/duckdb/sql.ts";
import { columnsOf, type DataFrame } from "../../../src/frame/frame.ts";
import { profile } from "../../../src/profile/profile.ts";
import { commonType } from "../../../src/source/common-type.ts";

const folder = mkdtempSync(path.join(tmpdir(), "outgrow-folders-"));
let duckdb: DuckdbSession;

beforeAll(async () => {
  duckdb = await openDuckdb();
});

afterAll(async () => {
  await duckdb?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("files that differ", () => {
  // Each pair of files as Parquet and as Arrow.
  const cases: Record<string, readonly [string, string]> = {
    missing: ["SELECT 1 AS id, 5 AS v", "SELECT 2 AS id"],
    order: ["SELECT 1 AS id, 5 AS v", "SELECT 7 AS v, 2 AS id"],
    wider: ["SELECT 1 AS id, 5::INTEGER AS v", "SELECT 2 AS id, 0.5::DOUBLE AS v"],
    text: ["SELECT 1 AS id, 5 AS v", "SELECT 2 AS id, 'x' AS v"],
    bool: ["SELECT 1 AS id, 5 AS v", "SELECT 2 AS id, true AS v"],
    day: ["SELECT 1 AS id, 5 AS v", "SELECT 2 AS id, DATE '2024-01-01' AS v"],
    nested: ["SELECT 1 AS id, {'a': 1, 'b': [2]} AS s, 5 AS v", "SELECT 2 AS id, {'a': 1, 'b': [2]} AS s, 6 AS v"],
  };

  beforeAll(async () => {
    for (const [name, pair] of Object.entries(cases)) {
      mkdirSync(path.join(folder, name, "arrow"), { recursive: true });
      for (const [i, sql] of pair.entries()) {
        const file = path.join(folder, name, `${"ab"[i]}.parquet`);
        await duckdb.execute(`COPY (${sql}) TO ${quoteText(file)}`);
        if (name !== "nested") await chunked(file, { to: path.join(folder, name, "arrow", `${"ab"[i]}.arrow`) });
      }
    }
  });

  const places = (name: string) => [path.join(folder, name), path.join(folder, name, "arrow")];

  test.each([
    ["missing", [[3, 5]], /"v" is in a\.\w+ alone/],
    ["order", [[3, 7]], /the columns stand in another order/],
    ["wider", [[3, 5]], /"v" is int32 in a\.\w+ and float64 in b\.\w+/],
  ])("%s: are joined by name, and it is said how", async (name, expected, note) => {
    for (const place of places(name)) {
      const result = await chunked(place, { agg: "id:sum,v:max" });
      expect(valuesOf(result)).toEqual(expected);
      expect(result.run.notes.join()).toMatch(note);
    }
  });

  test.each(["text", "bool", "day"])(
    "%s: no type holds both, which is an error where the column is used",
    async (name) => {
      for (const place of places(name)) {
        const asks = [
          () => chunked(place, { agg: "v:count" }),
          () => explainChunked(place, { agg: "v:count" }),
          () => chunked(place, { to: path.join(folder, "out.parquet") }),
          () => chunked(place, (chunk) => chunk.shape[0], { where: "id > 0" }),
        ];
        for (const ask of asks)
          await expect(ask()).rejects.toMatchObject({
            code: "E_DRIFT",
            message: expect.stringMatching(/"v" is int32 in a\.\w+ and (str|bool|date) in b/),
          });
        expect(valuesOf(await chunked(place, { agg: "id:sum" }))).toEqual([[3]]);
      }
    },
  );

  test("a declared type is taken where some of it is text, and only there", async () => {
    for (const place of places("text"))
      expect(valuesOf(await chunked(place, { agg: "v:min,v:max", dtype: "v:str" }))).toEqual([["5", "x"]]);
    for (const place of places("bool"))
      await expect(chunked(place, { agg: "v:max", dtype: "v:str" })).rejects.toMatchObject({ code: "E_DRIFT" });
  });

  test("columns inside of columns are no columns", async () => {
    const result = await chunked(path.join(folder, "nested"), { agg: "v:sum" });
    expect(valuesOf(result)).toEqual([[11]]);
    expect(result.run.notes).toEqual([]);
  });

  test("a function that takes the chunks as they are is told too", async () => {
    await expect(chunked(places("text")[1] as string, (chunk) => chunk.shape[0])).rejects.toMatchObject({
      code: "E_DRIFT",
    });
  });
});

test.each([
  ["int8", "uint8", "int16"],
  ["int32", "int64", "int64"],
  ["uint64", "int8", "int64"],
  ["int16", "float32", "float32"],
  ["int32", "float32", undefined],
  ["int64", "float64", "float64"],
  ["decimal(5, 2)", "int32", "decimal(12, 2)"],
  ["decimal(38, 0)", "decimal(38, 20)", undefined],
  ["date", "datetime64[us]", "datetime64[us]"],
  ["datetime64[us]", "datetime64[us, UTC]", undefined],
  ["str", "category", "str"],
  ["null", "str", "str"],
  ["bool", "int8", undefined],
])("%s and %s are %s", (one, other, expected) => {
  expect(commonType(one, other)).toBe(expected);
  expect(commonType(other, one)).toBe(expected);
});

describe("columns in the names of folders", () => {
  beforeAll(async () => {
    const places = [
      ["year=2023", "month=01", "city=Oslo", 1],
      ["year=2024", "month=01", "city=S%C3%A3o%20Paulo%2FX", 2],
      ["year=2024", "month=12", "city=__HIVE_DEFAULT_PARTITION__", 3],
    ] as const;
    for (const format of ["csv", "parquet", "jsonl"]) {
      for (const [year, month, city, id] of places) {
        // What lies above is no column.
        const inner = path.join(folder, "run=77", format, year, month, city);
        mkdirSync(inner, { recursive: true });
        const file = path.join(inner, `part.${format}`);
        if (format === "csv") writeFileSync(file, `id,x\n${id},0.5\n`);
        else if (format === "jsonl") writeFileSync(file, `{"id":${id},"x":0.5}\n`);
        else await duckdb.execute(`COPY (SELECT ${id}::BIGINT AS id, 0.5::DOUBLE AS x) TO ${quoteText(file)}`);
      }
    }
  });

  test.each(["csv", "parquet", "jsonl"])(
    "of %s are typed, in keys, conditions and choices of columns",
    async (format) => {
      const place = path.join(folder, "run=77", format);
      const all = await chunked(place, { by: "year,month,city", agg: "id:sum,x:sum" });
      expect(columnsOf(all).map(({ type }) => type)).toEqual(["int64", "str", "str", "int64", "float64"]);
      expect(valuesOf(all)).toEqual([
        [2023, "01", "Oslo", 1, 0.5],
        [2024, "01", "São Paulo/X", 2, 0.5],
        [2024, "12", null, 3, 0.5],
      ]);
      const some = { agg: "id:sum", usecols: "id,year,month", where: "year > 2023 AND month = '12'" };
      expect(valuesOf(await chunked(place, some))).toEqual([[3]]);
      expect(valuesOf(await chunked(place, { agg: "month:sum", dtype: "month:int64" }))).toEqual([[14]]);
      expect(await chunked(place, (chunk) => chunk.columns, { where: "year = 2023" })).toEqual([
        ["id", "x", "city", "month", "year"],
      ]);
      const pattern = path.join(place, "year=*", "month=01", "*", `*.${format}`);
      expect(valuesOf(await chunked(pattern, { by: "year", agg: "id:sum" }))).toEqual([
        [2023, 1],
        [2024, 2],
      ]);
      const single = path.join(place, "year=2023", "month=01", "city=Oslo", `part.${format}`);
      await expect(chunked(single, { agg: "year:sum" })).rejects.toMatchObject({ code: "E_NO_COLUMN" });
    },
  );

  test("a condition on them leaves out files, which the plan says", async () => {
    for (const format of ["csv", "parquet"]) {
      const place = path.join(folder, "run=77", format);
      const read = async (where: string) => (await explainChunked(place, { agg: "id:sum", where })).files;
      expect(await read("year = 2024 AND month = '12'")).toEqual({ read: 1, all: 3 });
      expect(await read("year = 2024 OR id = 1")).toEqual({ read: 3, all: 3 });
      expect(await read("year = 1999")).toEqual({ read: 0, all: 3 });
    }
  });

  test("a profile has no column of a folder above", async () => {
    for (const format of ["csv", "parquet"])
      for (const fast of [true, false]) {
        const { columns } = await profile(path.join(folder, "run=77", format), { fast });
        expect(columns.map(({ name }) => name).sort()).toEqual(["city", "id", "month", "x", "year"]);
      }
  });

  test("a folder above that hides a column of the files is told", async () => {
    const inner = path.join(folder, "id=77", "all", "year=2024");
    mkdirSync(inner, { recursive: true });
    await duckdb.execute(`COPY (SELECT 5 AS id) TO ${quoteText(path.join(inner, "a.parquet"))}`);
    const hidden = chunked(path.join(folder, "id=77", "all"), { agg: "id:sum" });
    await expect(hidden).rejects.toMatchObject({ code: "E_HIDDEN_COLUMN" });
    expect(valuesOf(await chunked(inner, { agg: "id:sum" }))).toEqual([[5]]);
  });

  test("a folder with a second sign of equality, which the engine does not read, is told with its name", async () => {
    const text = (name: string) => {
      mkdirSync(path.join(folder, "signs", name), { recursive: true });
      writeFileSync(path.join(folder, "signs", name, "x.csv"), "v\n1\n");
      return chunked(path.join(folder, "signs"), { by: "city", agg: "v:sum" });
    };
    expect(valuesOf(await text("city=a%3Db"))).toEqual([["a=b", 1]]);
    await expect(text("city=a=b")).rejects.toMatchObject({
      code: "E_FOLDER_NAME",
      hint: expect.stringContaining("rename it to city=a%3Db"),
    });
  });

  test("files that are called alike are told apart by their folders", async () => {
    for (const [day, sql] of [
      ["1", "1::INTEGER"],
      ["2", "1.5::DOUBLE"],
      ["3", "'x'"],
    ]) {
      const inner = path.join(folder, "alike", `day=${day}`);
      mkdirSync(inner, { recursive: true });
      await duckdb.execute(`COPY (SELECT ${sql} AS v) TO ${quoteText(path.join(inner, "part-0.parquet"))}`);
    }
    const { run } = await chunked(path.join(folder, "alike"), { agg: "*:count" });
    expect(run.notes.join()).toContain('"v" is int32 in day=1/part-0.parquet and str in day=3/part-0.parquet');
    const twice = chunked(path.join(folder, "alike"), { agg: "v:sum" });
    await expect(twice).rejects.toMatchObject({ message: expect.stringContaining("day=3/part-0.parquet") });
  });

  test("what the files hold of a column that stands in the names of folders is not asked", async () => {
    const held = path.join(folder, "held");
    const write = async (year: number, sql: string) => {
      mkdirSync(path.join(held, `year=${year}`), { recursive: true });
      const file = path.join(held, `year=${year}`, "a.parquet");
      await duckdb.execute(`COPY (SELECT i AS v${sql} FROM range(1000) t(i)) TO ${quoteText(file)}`);
    };
    await write(1, ", 7 + i % 2 AS year");
    expect(valuesOf(await chunked(held, { agg: "year:min,year:max" }))).toEqual([[1, 1]]);
    await write(2, ", '7' AS year");
    await write(300, "");
    const years = await chunked(held, { by: "year", agg: "v:count,year:max" });
    expect(valuesOf(years)).toEqual([1, 2, 300].map((year) => [year, 1000, year]));
    expect(years.run.notes).toEqual([]);
    expect(valuesOf(await chunked(held, { agg: "v:count", where: "year < 5" }))).toEqual([[2000]]);
  });

  test.each([
    ["csv", "v,year\n1,7\n", "v\n2\n"],
    ["jsonl", '{"v":1,"year":7}\n', '{"v":2}\n'],
  ])("nor is it told that some files of %s hold it", async (format, first, second) => {
    for (const [year, text] of [first, second].entries()) {
      const inner = path.join(folder, `held-${format}`, `year=${year}`);
      mkdirSync(inner, { recursive: true });
      writeFileSync(path.join(inner, `a.${format}`), text);
    }
    const years = await chunked(path.join(folder, `held-${format}`), { by: "year", agg: "v:sum" });
    expect(valuesOf(years)).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(years.run.notes).toEqual([]);
  });

  test("folders of different columns are told", async () => {
    for (const inner of ["a=1", "b=2"]) {
      mkdirSync(path.join(folder, "odd", inner), { recursive: true });
      writeFileSync(path.join(folder, "odd", inner, "x.csv"), "v\n1\n");
    }
    await expect(chunked(path.join(folder, "odd"), { agg: "v:sum" })).rejects.toMatchObject({
      code: "E_MIXED_PARTITIONS",
      message: "the folders hold different columns: x.csv lies in folders of a=, and x.csv lies in folders of b=",
    });
  });
});

/** Rows as arrays. */
function valuesOf(frame: DataFrame): unknown[][] {
  const columns = columnsOf(frame).map((column) => column.toArray());
  return Array.from({ length: frame.shape[0] ?? 0 }, (_, row) => columns.map((values) => values[row]));
}
