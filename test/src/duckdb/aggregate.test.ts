import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aggregate } from "../../../src/duckdb/aggregate.ts";
import { describeSource } from "../../../src/duckdb/describe.ts";
import { type DuckdbSession, openDuckdb } from "../../../src/duckdb/session.ts";
import type { EngineColumn, EngineTable } from "../../../src/query/engine-table.ts";
import { planQuery, type QueryWords } from "../../../src/query/plan.ts";
import { resolveSource } from "../../../src/source/resolve.ts";
import type { TextOptions } from "../../../src/source/source.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-test-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("what text traps engines with", () => {
  test("a decimal far below a column of integers is not rounded", async () => {
    write("late.csv", ["v", ...Array.from({ length: 30_000 }, (_, i) => i), "30000.5"].join("\n"));
    expect(await run("late.csv", { agg: "v:sum,v:max" })).toEqual([[449985000 + 30000.5, 30000.5]]);
  });

  test("a declared integer type refuses a fraction with its row and value", async () => {
    write("fraction.csv", "id,v\n1,1\n2,5.5\n3,3\n");
    await expect(run("fraction.csv", { agg: "v:sum", dtype: "v:int32" })).rejects.toMatchObject({
      name: "DataError",
      code: "E_BAD_VALUE",
      message: 'fraction.csv row 2, column "v": "5.5" is not an int32',
    });
  });

  test("a declared integer type refuses what does not fit", async () => {
    write("wide.csv", "v\n1\n3000000000\n");
    await expect(run("wide.csv", { agg: "v:sum", dtype: "v:int32" })).rejects.toMatchObject({
      code: "E_BAD_VALUE",
      message: 'wide.csv row 2, column "v": "3000000000" does not fit into int32',
      hint: expect.stringContaining("v:int64"),
    });
  });

  test("a word among numbers names its line, its value and the declared type", async () => {
    write("word.csv", "id,v\n1,2\n3,oops\n");
    await expect(run("word.csv", { agg: "v:sum", dtype: "v:int32" })).rejects.toMatchObject({
      name: "DataError",
      message: 'word.csv line 3, column "v": "oops" is not an int32',
      hint: expect.stringContaining("--na oops"),
    });
  });

  test("a word below the sampled rows names its line", async () => {
    write("late-word.csv", ["v,w", ...Array.from({ length: 30_000 }, (_, i) => `${i},x`), "oops,y"].join("\n"));
    await expect(run("late-word.csv", { agg: "v:sum" })).rejects.toMatchObject({
      code: "E_BAD_VALUE",
      message: expect.stringMatching(/line 30,002, column "v": "oops"/),
      hint: expect.stringContaining("--dtype v:str"),
    });
    expect(await run("late-word.csv", { agg: "v:count", dtype: "v:str" })).toEqual([[30_001]]);
  });

  test("the mode is the smallest of the most frequent, NaN among them", async () => {
    const rows = ["a,1e-7", "a,NaN", "a,0.1", "a,NaN", "a,0.1", "b,NaN", "b,NaN", "b,2", "c,5", "c,-5", "d,"];
    write("mode.csv", ["k,v", ...rows].join("\n"));
    const found = await run("mode.csv", { by: "k", agg: "v:mode,k2=k:mode" });
    expect(found).toEqual([
      ["a", 0.1, "a"],
      ["b", Number.NaN, "b"],
      ["c", -5, "c"],
      ["d", null, "d"],
    ]);
  });

  test("first, last and list take rows in the order of the file, or of columns, null last", async () => {
    const rows = ["a,,3", "a,7,1", "a,5,", "a,6,1", "b,,1"];
    write("order.csv", ["k,v,t", ...rows].join("\n"));
    const agg = "v:first,v:last,v:list";
    expect(await run("order.csv", { by: "k", agg })).toEqual([
      ["a", 7, 6, [null, 7, 5, 6]],
      ["b", null, null, [null]],
    ]);
    const byTime = await run("order.csv", { by: "k", agg, order: "t:desc" });
    expect(byTime).toEqual([
      ["a", 6, 5, [null, 6, 7, 5]],
      ["b", null, null, [null]],
    ]);
  });

  test("integers beyond 2^53 keep every digit", async () => {
    write("big.csv", "k,v\na,9007199254740993\na,2\nb,9223372036854775807\nb,1\n");
    expect(await run("big.csv", { by: "k", agg: "v:sum,v:min" })).toEqual([
      ["a", 9007199254740995n, 2],
      ["b", 9223372036854775808n, 1],
    ]);
  });

  test("a quote that first appears far below is a quote", async () => {
    write("quote.csv", `${["a,b", ...Array.from({ length: 30_000 }, (_, i) => `${i},x`), '5,"p,q\nr"'].join("\n")}\n`);
    expect(await run("quote.csv", { agg: "*:count,b:nunique" })).toEqual([[30_001, 2]]);
  });

  test("a line that starts with # is data", async () => {
    write("hash.csv", "k,v\n#1,1\nb,2\n");
    expect(await run("hash.csv", { by: "k", agg: "v:sum" })).toEqual([
      ["#1", 1],
      ["b", 2],
    ]);
  });

  test.each([
    ["ragged.csv", "a,b\n1,2\n3\n4,5\n", "E_RAGGED_ROW", /line 3/],
    ["extra.csv", "a,b\n1,2\n4,5,6\n", "E_RAGGED_ROW", /line 3 has 3 fields/],
    ["open.csv", 'a,b\n1,"x\n2,y\n', "E_OPEN_QUOTE", /line 2/],
    ["latin.csv", Buffer.from("a,b\n1,caf\xe9\n", "latin1"), "E_ENCODING", /UTF-8/],
  ] as const)("%s is refused with the line", async (name, content, code, message) => {
    write(name, content);
    await expect(run(name, { agg: "*:count" })).rejects.toMatchObject({
      name: "DataError",
      code,
      message: expect.stringMatching(message),
    });
  });
});

describe("sums", () => {
  test("of decimals are exact and the same in every run", async () => {
    const cents = Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 100_003);
    write("decimals.csv", `v\n${cents.map((cent) => (cent / 100).toFixed(2)).join("\n")}\n`);
    const exact = cents.reduce((sum, cent) => sum + cent, 0);
    expect(await run("decimals.csv", { agg: "v:sum,v:mean" })).toEqual([[exact / 100, exact / (100 * cents.length)]]);
  });

  test("of decimals whose signs differ are exact, and what is no decimal keeps its last digit", async () => {
    const cents = Array.from({ length: 60_000 }, (_, i) => (i % 2 === 0 ? 1 : -1) * (10 ** 9 + ((i * 7919) % 100_003)));
    write("signs.csv", `k,v\n${cents.map((cent, i) => `${i % 3},${cent / 100}`).join("\n")}\n9,1e-9\n9,2e-9\n`);
    const sums = [0, 1, 2].map((k) => cents.filter((_, i) => i % 3 === k).reduce((sum, cent) => sum + cent, 0) / 100);
    const found = await run("signs.csv", { by: "k", agg: "v:sum" });
    expect(found.slice(0, 3)).toEqual(sums.map((sum, k) => [k, sum]));
    expect(Math.abs((found[3]?.[1] as number) / 3e-9 - 1)).toBeLessThan(1e-14);
  });

  test("of decimals that cancel out are zero, and no negative one", async () => {
    write("nothing.csv", "v\n0.3\n-0.1\n-0.2\n");
    expect(await run("nothing.csv", { agg: "v:sum,v:mean" })).toEqual([[0, 0]]);
  });

  test.each([
    ["in cents", "0.01\n1e15\n-1e15", 0.01],
    ["in cents of numbers of eighteen digits", "0.25\n9e17\n-9e17", 0.25],
    ["whose cents a double just holds", "-7.5\n123456789012345.75\n-123456789012340.5", -2.25],
  ])("of large values that cancel out leave what is small: %s", async (_, values, sum) => {
    write("large.csv", `k,v\n${values.replace(/^/gm, "1,")}\n2,0.5\n3,\n`);
    const count = values.split("\n").length;
    expect(await run("large.csv", { by: "k", agg: "v:sum,v:mean", dtype: "v:float64" })).toEqual([
      [1, sum, sum / count],
      [2, 0.5, 0.5],
      [3, null, null],
    ]);
  });

  test("of large values that cancel out beside an infinity follow arithmetic", async () => {
    write("large.csv", "k,v\n1,inf\n1,1e15\n2,0.01\n2,1e15\n2,-1e15\n");
    const [infinite, finite] = await run("large.csv", { by: "k", agg: "v:sum", dtype: "v:float64" });
    expect(infinite).toEqual([1, Number.POSITIVE_INFINITY]);
    expect(finite?.[0]).toBe(2);
  });

  test("of doubles beyond any scale are compensated", async () => {
    const values = Array.from({ length: 50_000 }, (_, i) => Math.sin(i));
    write("doubles.csv", `v\n${values.join("\n")}\n`);
    const [row] = await run("doubles.csv", { agg: "v:sum" });
    expect(Math.abs((row?.[0] as number) - exactSum(values))).toBeLessThan(1e-10);
  });

  test("fall back when a later value has more places than the first rows", async () => {
    write("places.csv", `v\n${"1.5\n".repeat(3000)}0.123456789\n`);
    const [row] = await run("places.csv", { agg: "v:sum" });
    expect(row?.[0]).toBeCloseTo(4500.123456789, 9);
  });

  test("with infinities and NaN follow arithmetic", async () => {
    write("infinite.csv", "k,v\na,inf\na,1.5\nb,NaN\nb,1\nc,2\n");
    expect(await run("infinite.csv", { by: "k", agg: "v:sum,v:max,v:var,v:count", dtype: "v:float64" })).toEqual([
      ["a", Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN, 2],
      ["b", Number.NaN, Number.NaN, Number.NaN, 2],
      ["c", 2, 2, null, 1],
    ]);
  });
});

describe("nulls, keys and empty sources", () => {
  test("a null key is a group and comes last; a sum of nulls is null", async () => {
    write("nulls.csv", "k,v\n,1\nb,\na,2\n,3\nb,\n");
    expect(await run("nulls.csv", { by: "k", agg: "v:sum,v:count,*:count" })).toEqual([
      ["a", 2, 1, 1],
      ["b", null, 0, 2],
      [null, 4, 2, 2],
    ]);
  });

  test("only a line of names gives no groups, and one row without keys", async () => {
    write("header.csv", "k,v\n");
    expect(await run("header.csv", { by: "k", agg: "v:sum" })).toEqual([]);
    expect(await run("header.csv", { agg: "v:sum,*:count" })).toEqual([[null, 0]]);
  });

  test("every function", async () => {
    write("all.csv", "v,b\n1,true\n2,false\n4,true\n4,\n");
    const agg = "v:sum,v:mean,v:count,v:min,v:max,v:var,v:std,v:nunique,v:median,b:any,b:all,b:sum";
    const [row] = await run("all.csv", { agg });
    expect(row).toEqual([11, 2.75, 4, 1, 4, expect.closeTo(2.25, 12), expect.closeTo(1.5, 12), 3, 3, true, false, 2]);
  });

  test("dates and timestamps are keys", async () => {
    write("dates.csv", "d,t,v\n2025-01-02,2025-01-02T03:04:05Z,1\n2025-01-02,2025-01-02T03:04:05Z,2\n");
    expect(await run("dates.csv", { by: "d,t", agg: "v:sum" })).toEqual([[20_090, 1_735_787_045_000_000n, 3]]);
  });
});

describe("forms of text", () => {
  test.each<[string, string | Buffer, TextOptions?]>([
    ["crlf.csv", "k,v\r\na,1.5\r\na,2\r\n"],
    ["bom.csv", "\ufeffk,v\na,1.5\na,2"],
    ["semicolon.csv", "k;v\na;1,5\na;2,0\n", { decimal: "," }],
    ["tab.tsv", "k\tv\na\t1.5\na\t2\n"],
    ["data.csv.gz", gzipSync("k,v\na,1.5\na,2\n")],
    ["latin1.csv", Buffer.from("k,v\na,1.5\na,2\n", "latin1"), { encoding: "latin-1" }],
    ["utf16.csv", Buffer.from("\ufeffk,v\na,1.5\na,2\n", "utf16le")],
    ["na.csv", "k,v\na,1.5\na,2\na,-\n", { na: ["-"] }],
    ["lines.jsonl", '{"k":"a","v":1.5}\n{"k":"a","v":2}\n'],
    ["array.json", '[{"k":"a","v":1.5},{"k":"a","v":2}]'],
  ])("%s", async (name, content, text) => {
    write(name, content);
    expect(await run(name, { by: "k", agg: "v:sum" }, text)).toEqual([["a", 3.5]]);
  });

  test("a decimal comma, also in numbers of twenty digits; a decimal point is no number then", async () => {
    const long = "k;v\na;342,94158984018233122\na;0,5\n";
    write("comma.csv", long);
    expect(await run("comma.csv", { agg: "v:sum,v:max" }, { decimal: "," })).toEqual([
      [343.4415898401823, 342.9415898401823],
    ]);
    write("point.csv", `${long}a;1.234\n`);
    await expect(run("point.csv", { agg: "v:sum", dtype: "v:float64" }, { decimal: "," })).rejects.toMatchObject({
      code: "E_BAD_VALUE",
      message: 'column "v": "1.234" is not of type float64',
    });
  });

  test("a folder of files is one table, Parquet included", async () => {
    const { mkdirSync } = await import("node:fs");
    mkdirSync(path.join(folder, "many"));
    await using session = await openDuckdb();
    for (const part of [1, 2])
      await session.execute(
        `COPY (SELECT 'a' AS k, ${part}::DOUBLE AS v) TO '${path.join(folder, `many/${part}.parquet`)}'`,
      );
    expect(await run("many", { by: "k", agg: "v:sum,*:count" })).toEqual([["a", 3, 2]]);
  });

  test("odd and doubled names", async () => {
    write("names.csv", '"a ""b""",k,k,"c,d"\n1,x,y,2\n3,x,z,4\n');
    expect(await run("names.csv", { by: "k", agg: `'a "b"':sum,"c,d":sum` })).toEqual([["x", 4, 6]]);
  });
});

test("a condition filters, and a wrong one is the user's to mend", async () => {
  write("where.csv", "k,v\na,1\nb,2\n");
  expect(await run("where.csv", { agg: "v:sum", where: "k = 'b' OR v > 5" })).toEqual([[2]]);
  await expect(run("where.csv", { agg: "v:sum", where: "w > 1" })).rejects.toMatchObject({
    name: "UsageError",
    code: "E_NO_COLUMN",
  });
});

describe("whole numbers close together as keys", () => {
  // Rows in the order of a walk through all keys, so that neither the file nor a hash has them in order.
  const rows = 8000;
  const walk = `(i * 7919) % ${rows}`;

  test("give the groups of any other keys, in their order", async () => {
    await using session = await openDuckdb({ memoryLimit: 2 ** 30, threads: 2, tempRoot: folder });
    const select = `SELECT ((${walk}) // 8)::BIGINT - 700 AS near, ((${walk}) // 8 * 3000000007)::BIGINT AS far, (i % 2)::UTINYINT AS half,
      CASE WHEN i % 5 > 0 THEN (i % 1000) / 100 END AS v, i::BIGINT AS n FROM range(${rows}) x(i)`;
    await session.execute(`COPY (${select}) TO '${path.join(folder, "keys.parquet")}'`);
    const agg = "v:sum,v:mean,v:count,n:sum,n:max,*:count";
    const near = await ask(session, "keys.parquet", { by: "near", agg });
    const far = await ask(session, "keys.parquet", { by: "far", agg });
    expect(near).toHaveLength(rows / 8);
    expect(near.findIndex(([key], i) => key !== i - 700)).toBe(-1);
    expect(near.findIndex((row, i) => !isDeepStrictEqual(row.slice(1), far[i]?.slice(1)))).toBe(-1);
    const halves = await ask(session, "keys.parquet", { by: "half,near", agg: "n:sum", where: "near < 100" });
    const other = await ask(session, "keys.parquet", { by: "half,far", agg: "n:sum", where: "near < 100" });
    expect(halves.length).toBeGreaterThan(800);
    expect(halves.findIndex(([half, , sum], i) => half !== other[i]?.[0] || sum !== other[i]?.[2])).toBe(-1);
    expect(await ask(session, "keys.parquet", { by: "near", agg: "n:sum", order: "n_sum:desc", limit: 2 })).toEqual(
      [...near]
        .sort((a, b) => Number(b[4]) - Number(a[4]))
        .slice(0, 2)
        .map((row) => [row[0], row[4]]),
    );
  });

  test("have a group for null, behind all others", async () => {
    await using session = await openDuckdb({ memoryLimit: 2 ** 30, threads: 2, tempRoot: folder });
    const select = `SELECT CASE WHEN i % 4 > 0 THEN (i % 11)::INTEGER END AS k, i::DOUBLE / 8 AS v FROM range(1100) x(i)`;
    await session.execute(`COPY (${select}) TO '${path.join(folder, "null-keys.parquet")}'`);
    const found = await ask(session, "null-keys.parquet", { by: "k", agg: "*:count" });
    expect(found.map(([key]) => key)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, null]);
    expect(found.at(-1)).toEqual([null, 275]);
  });

  test("sum infinities and NaN as arithmetic has it", async () => {
    await using session = await openDuckdb({ memoryLimit: 2 ** 30, threads: 2, tempRoot: folder });
    const select = `SELECT (i % 4)::BIGINT AS k, CASE i WHEN 5000 THEN 'inf'::DOUBLE WHEN 5001 THEN 'nan'::DOUBLE ELSE 0.5 END AS v FROM range(8000) x(i)`;
    await session.execute(`COPY (${select}) TO '${path.join(folder, "odd.parquet")}'`);
    const found = await ask(session, "odd.parquet", { by: "k", agg: "v:sum" });
    expect(found).toEqual([
      [0, Number.POSITIVE_INFINITY],
      [1, Number.NaN],
      [2, 1000],
      [3, 1000],
    ]);
  });

  async function ask(session: DuckdbSession, name: string, words: QueryWords): Promise<unknown[][]> {
    const described = await describeSource(session, await resolveSource(name, { cwd: folder }));
    return rowsOf(
      await aggregate(session, await resolveSource(name, { cwd: folder }), described, planQuery(described, words)),
    );
  }
});

test("what has no room for two threads is done by one, and gives the same", async () => {
  const file = path.join(folder, "many.parquet");
  await using large = await openDuckdb();
  await large.execute(`COPY (SELECT (i * 7919) % 700001 AS k, i AS n FROM range(1000000) x(i)) TO '${file}'`);
  const source = await resolveSource(file);
  const words = { by: "k", agg: "n:sum,n:max,*:count" };
  const answers: EngineTable[] = [];
  for (const memoryLimit of [64 * 2 ** 20, 2 ** 30]) {
    await using session = await openDuckdb({ memoryLimit, threads: 2, tempRoot: folder });
    const described = await describeSource(session, source);
    answers.push(await aggregate(session, source, described, planQuery(described, words)));
  }
  const [small, whole] = answers.map(({ rows, columns }) => ({
    rows,
    some: columns.map((column) => [0, 1, 300_000, 700_000].map((row) => column.values[row])),
  }));
  expect(small?.rows).toBe(700_001);
  expect(small).toEqual(whole);
});

function write(name: string, content: string | Uint8Array): void {
  writeFileSync(path.join(folder, name), content);
}

async function run(name: string, words: QueryWords, text?: TextOptions): Promise<unknown[][]> {
  const source = await resolveSource(name, { cwd: folder, text });
  await using session = await openDuckdb({ memoryLimit: 512 * 2 ** 20, threads: 2 });
  const described = await describeSource(session, source);
  return rowsOf(await aggregate(session, source, described, planQuery(described, words)));
}

function rowsOf({ columns, rows }: EngineTable): unknown[][] {
  return Array.from({ length: rows }, (_, row) => columns.map((column) => valueAt(column, row)));
}

/** Plain values, written apart from the frames: integers are numbers unless the column needs bigint. */
function valueAt({ values, validity, dictionary, type }: EngineColumn, row: number): unknown {
  if (validity && (((validity[row >> 3] as number) >> (row & 7)) & 1) === 0) return null;
  const value = values[row];
  if (dictionary) return dictionary[value as number];
  if (type === "bool") return value === 1;
  const isPlain =
    type === "int64" &&
    [...(values as Iterable<unknown>)].every((one) => one === null || Number.isSafeInteger(Number(one)));
  return isPlain && value !== null ? Number(value) : value;
}

/** Neumaier's sum, right to the last digit for these values. */
function exactSum(values: readonly number[]): number {
  let [sum, low] = [0, 0];
  for (const value of values) {
    const next = sum + value;
    low += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + low;
}
