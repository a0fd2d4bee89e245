import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { chunked } from "../../../src/chunked/chunked.ts";
import { firstRows } from "../../../src/chunked/first-rows.ts";
import { DuckdbSession, openDuckdb } from "../../../src/duckdb/session.ts";
import { profile } from "../../../src/profile/profile.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-test-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

const rowsOf = (file: string, options = {}) => chunked(file, (chunk) => chunk.values as unknown[][], options);

describe("rows in memory with columns that no query here takes", () => {
  const rows = [
    { city: "x", place: { lat: 1 }, n: 1 },
    { city: "y", place: null },
    { city: "x", n: 2.5 },
  ];

  test("are asked for the others", async () => {
    const result = await chunked(rows, { by: "city", agg: "n:sum,*:count" });
    expect(result.values).toEqual([
      ["x", 3.5, 2],
      ["y", null, 1],
    ]);
  });

  test("still say which names there are", async () => {
    const refused = chunked(rows, { by: "plac", agg: "*:count" });
    await expect(refused).rejects.toMatchObject({ code: "E_NO_COLUMN", hint: "did you mean place?" });
    await expect(chunked(rows, { by: "place", agg: "*:count" })).rejects.toMatchObject({ code: "E_NO_TYPE" });
  });
});

describe("names that objects inherit", () => {
  const names = ["constructor", "__proto__", "toString", "hasOwnProperty", "length", "values"];

  test("are columns like others in every form", async () => {
    const file = write("names.csv", `${names.join(",")}\n1,2,3,4,5,6\n1,3,4,5,6,7.5\n`);
    expect(await chunked(file, (chunk) => chunk.columns as string[])).toEqual([names]);
    expect(await rowsOf(file, { dtype: "constructor:int32" })).toEqual([
      [
        [1, 2, 3, 4, 5, 6],
        [1, 3, 4, 5, 6, 7.5],
      ],
    ]);
    const sums = await chunked(file, { by: "constructor", agg: "__proto__:sum,values:sum,toString:max" });
    expect(sums.columns).toEqual(["constructor", "__proto___sum", "values_sum", "toString_max"]);
    expect(sums.values).toEqual([[1, 5, 13.5, 4]]);
  });

  test("are keys of JSON like others", async () => {
    const lines = '{"__proto__":1,"constructor":2}\n{"__proto__":4,"constructor":5}\n';
    expect(await rowsOf(write("names.jsonl", lines))).toEqual([
      [
        [1, 2],
        [4, 5],
      ],
    ]);
  });
});

describe("a column without any value", () => {
  test("adds up to null, and text still needs a type", async () => {
    const file = write("void.csv", `k,v,t\n${Array.from({ length: 30_000 }, (_, i) => `${i % 2},,x`).join("\n")}\n`);
    const sums = await chunked(file, { by: "k", agg: "v:sum,v:mean,v:count,*:count" });
    expect(sums.values).toEqual([
      [0, null, null, 0, 15_000],
      [1, null, null, 0, 15_000],
    ]);
    await expect(chunked(file, { by: "k", agg: "t:sum" })).rejects.toMatchObject({ code: "E_WRONG_TYPE" });
  });
});

describe("integers of any length", () => {
  const cards = Array.from({ length: 60 }, (_, i) => `8944100030000000${String(i % 30).padStart(4, "0")}`);

  test("longer than 64 bits stay apart as keys and add up exactly", async () => {
    const file = write("cards.csv", `card,v\n${cards.map((card, i) => `${card},${i}`).join("\n")}\n`);
    const frame = await chunked(file, { by: "card", agg: "*:count,card:sum" });
    expect(frame.shape).toEqual([30, 3]);
    expect((frame.values as unknown[][])[0]).toEqual([BigInt(cards[0] as string), 2, 2n * BigInt(cards[0] as string)]);
    const chunks = (await rowsOf(file)) as unknown[][][];
    expect(chunks.flat().map(([card]) => card)).toEqual(cards.map(BigInt));
    const { columns } = await profile(file);
    expect(columns[0]).toMatchObject({ type: "str", distinct: 30, min: cards[0], max: cards[29] });
    expect(columns[0]?.proof).toContain("float64 would round");
  });

  test("beyond 2^53 are exact in chunks, found at once or declared", async () => {
    const early = write("early.csv", "a\n9007199254740993\n5\n");
    expect(await rowsOf(early)).toEqual([[[9007199254740993n], [5n]]]);
    const edges = write("edges.csv", "a\n9223372036854775807\n-9223372036854775808\n");
    expect(await rowsOf(edges)).toEqual([[[9223372036854775807n], [-9223372036854775808n]]]);
    const late = write("late.csv", `a\n${"1\n".repeat(3_000_000)}9007199254740993\n`);
    const last = async (options: object) =>
      (await chunked(late, (chunk) => (chunk.values as unknown[][]).at(-1)?.[0], options)) as unknown[];
    await expect(last({})).rejects.toMatchObject({
      code: "E_BAD_VALUE",
      message: expect.stringContaining("row 3,000,001"),
      hint: expect.stringContaining("--dtype a:int64"),
    });
    expect((await last({ dtype: "a:int64", chunksize: 1_000_000 })).at(-1)).toBe(9007199254740993n);
  });

  test("beyond int64 in JSON are not wrapped around", async () => {
    const file = write("wide.jsonl", '{"a":9007199254740993}\n{"a":18446744073709551615}\n');
    expect(await rowsOf(file)).toEqual([[[9007199254740993n], [18446744073709551615n]]]);
    const sum = await chunked(file, { agg: "a:sum" });
    expect(sum.values).toEqual([[18446744073709551615n + 9007199254740993n]]);
  });

  test("an array of objects is read within little memory, however it is laid out", async () => {
    const count = 300_000;
    const objects = Array.from(
      { length: count },
      (_, i) => `{"id":${i % 100},"v":${i / 4},"text":"${"x".repeat(40)}]}"}`,
    );
    for (const [name, text] of [
      ["line.json", `[${objects.join(",")}]`],
      ["lines.json", `\ufeff\n [ ${objects.join(",\n")}\n]\n`],
    ] as const) {
      const result = await chunked(write(name, text), { agg: "*:count,v:sum", memoryLimit: 100 * 2 ** 20 });
      expect(result.values).toEqual([[count, (count * (count - 1)) / 8]]);
    }
    // Lines that are arrays are no array of objects.
    const lines = write("of-lines.json", '[{"a":1}]\n[{"a":2}]\n');
    expect(await rowsOf(lines)).toEqual([[[[{ a: 1 }]], [[{ a: 2 }]]]]);
  });

  test("inside of lists and structs are numbers", async () => {
    const file = write("nested.jsonl", '{"l":[1,2],"s":{"c":3}}\n');
    expect(await rowsOf(file)).toEqual([[[[1, 2], { c: 3 }]]]);
  });
});

describe("files that are not what they seem", () => {
  test("a gzip file that was cut off is refused in every form, however much of it reads", async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `${i},${(i * 7919) % 1000}`);
    const packed = gzipSync(`id,v\n${lines.join("\n")}\n`);
    const file = write("cut.csv.gz", packed.subarray(0, packed.length / 2));
    const expected = { code: "E_DAMAGED_FILE", message: expect.stringContaining("cut off") };
    await expect(chunked(file, { agg: "*:count" })).rejects.toMatchObject(expected);
    await expect(chunked(file, (chunk) => chunk.shape[0])).rejects.toMatchObject(expected);
    await expect(profile(file)).rejects.toMatchObject(expected);
    const whole = write("whole.csv.gz", Buffer.concat([packed, gzipSync("7,7\n")]));
    expect((await chunked(whole, { agg: "*:count" })).values).toEqual([[100_001]]);
  });

  test.each([
    ["a letter in its first row", 0, (packed: Buffer) => packed.fill("x", 20, 21)],
    ["a ragged row", 0, (packed: Buffer) => packed.fill(",", 20, 21)],
    ["what is no packed data", 6, (packed: Buffer) => packed.fill(0xff, 70_000, 70_100)],
  ])(
    "a gzip file whose damage is %s, within what is looked at for types, is told as damaged",
    async (_, level, hurt) => {
      const lines = Array.from({ length: 60_000 }, (_, i) => `${i},${(i * 7919) % 65_537}`);
      const file = write("hurt.csv.gz", hurt(gzipSync(`id,v\n${lines.join("\n")}\n`, { level })));
      const damaged = { code: "E_DAMAGED_FILE", message: expect.stringContaining("hurt.csv.gz is damaged") };
      await expect(chunked(file, { agg: "id:sum,v:sum" })).rejects.toMatchObject(damaged);
      await expect(chunked(file, { agg: "v:sum", dtype: "v:int64,id:int64" })).rejects.toMatchObject(damaged);
      await expect(chunked(file, (chunk) => chunk.shape[0])).rejects.toMatchObject(damaged);
      await expect(profile(file, { full: true })).rejects.toMatchObject(damaged);
    },
  );

  test.each([
    ["thousands of members without content", Buffer.concat(Array.from({ length: 5000 }, () => gzipSync("")))],
    ["a megabyte of such members", Buffer.concat(Array.from({ length: 60_000 }, () => gzipSync("")))],
    ["a member whose head holds a name of 100 kB", namedMember("n".repeat(100_000))],
  ])("a gzip file that begins with %s is read", async (what, start) => {
    const file = write("late.csv.gz", Buffer.concat([start, gzipSync("id,v\n1,2\n3,4\n")]));
    expect((await chunked(file, { agg: "v:sum" })).v_sum.values, what).toEqual([6]);
    expect((await chunked(file, { agg: "v:median" })).v_median.values, what).toEqual([3]);
    expect(await profile(file)).toMatchObject({ rows: 2, exact: true });
    await expect(profile(write("none.csv.gz", start))).rejects.toMatchObject({ code: "E_EMPTY_FILE" });
  });

  test("a gzip file that is damaged is not profiled by the general engine after the scanner", async () => {
    const packed = gzipSync(`id,v\n${"12,345\n".repeat(1_000_000)}`, { level: 0 });
    const file = write("hurt-late.csv.gz", packed.fill("x", packed.length - 40, packed.length - 36));
    const asked = (["query", "describe", "execute"] as const).map((name) => vi.spyOn(DuckdbSession.prototype, name));
    await expect(profile(file, { full: true })).rejects.toMatchObject({ code: "E_DAMAGED_FILE" });
    for (const call of asked) expect(call).not.toHaveBeenCalled();
    for (const call of asked) call.mockRestore();
  });

  test("UTF-16 with the high byte first is refused, with the command that converts it", async () => {
    const little = Buffer.from("\ufeffid,name\n1,hé\n", "utf16le");
    expect(await rowsOf(write("little.csv", little))).toEqual([[[1, "hé"]]]);
    await expect(rowsOf(write("big.csv", Buffer.from(little).swap16()))).rejects.toMatchObject({
      code: "E_ENCODING",
      hint: expect.stringContaining("iconv -f utf-16"),
    });
  });

  test("mixed line ends are read, wherever they begin", async () => {
    const file = write("mixed.csv", "a,b\r\n1,x\r\n2,y\n3,z\r\n");
    expect((await chunked(file, { agg: "*:count,b:max" })).values).toEqual([[3, "z"]]);
    expect(await rowsOf(file)).toEqual([
      [
        [1, "x"],
        [2, "y"],
        [3, "z"],
      ],
    ]);
    const late = write("mixed-late.csv", `a,b\n${"1,2\n".repeat(100_000)}5,6\r\n7,8\r\n`);
    expect((await chunked(late, { agg: "*:count,b:sum" })).values).toEqual([[100_002, 200_014]]);
  });

  test("a quote that stays open is placed by the profile too", async () => {
    await expect(profile(write("open.csv", 'a,b\n1,"open\n2,3\n'))).rejects.toMatchObject({
      code: "E_OPEN_QUOTE",
      message: expect.stringContaining("line 2"),
    });
  });

  test("hexadecimal numbers are texts", async () => {
    const file = write("hex.csv", "a\n0x1F\n0x20\n");
    expect((await chunked(file, { by: "a", agg: "*:count" })).values).toEqual([
      ["0x1F", 1],
      ["0x20", 1],
    ]);
  });
});

describe("JSON and Parquet of other tools", () => {
  test("keys that differ in case alone keep their values", async () => {
    const file = write("case.jsonl", '{"a":1,"A":2}\n{"a":3,"A":4}\n');
    expect(await rowsOf(file)).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    expect((await chunked(file, { agg: "A_1:sum" })).values).toEqual([[6]]);
  });

  test("times of day are texts in every format", async () => {
    const csv = write("time.csv", "t\n10:00:00\n11:30:00.5\n");
    const parquet = path.join(folder, "time.parquet");
    await using session = await openDuckdb();
    await session.execute(`COPY (SELECT t::TIME AS t FROM read_csv('${csv}', header = true)) TO '${parquet}'`);
    for (const file of [csv, parquet]) {
      expect(await rowsOf(file)).toEqual([[["10:00:00"], ["11:30:00.5"]]]);
      expect((await chunked(file, { by: "t", agg: "*:count" })).values).toEqual([
        ["10:00:00", 1],
        ["11:30:00.5", 1],
      ]);
      expect((await profile(file)).columns[0]).toMatchObject({ type: "str", min: "10:00:00", distinct: 2 });
    }
  });

  test("of Parquet with nanoseconds are cut to microseconds, which is said where they are in a result", async () => {
    const file = path.join(folder, "nanoseconds.parquet");
    await using session = await openDuckdb();
    const moment = "TIMESTAMP_NS '2024-01-01 00:00:00.123456789'";
    await session.execute(`COPY (SELECT ${moment} AS t, 1 AS v) TO '${file}'`);
    const cut = [expect.stringMatching(/^lossy: moments of t are cut to microseconds$/)];
    expect((await firstRows(file, 1, {})).notes).toEqual(cut);
    expect((await chunked(file, { agg: "t:max" })).run.notes).toEqual(cut);
    expect((await chunked(file, { by: "t", agg: "v:sum" })).run.notes).toEqual(cut);
    expect((await chunked(file, { agg: "t:count,v:sum" })).run.notes).toEqual([]);
    const runs: { notes: readonly string[] }[] = [];
    await chunked(file, (chunk) => chunk.shape[0], { onRun: (run) => runs.push(run) });
    expect(runs).toMatchObject([{ notes: cut }]);
  });

  test("truth in other words has one type everywhere, and the profile says it", async () => {
    const file = write("words.csv", "a,b\nyes,T\nno,F\nyes,T\n");
    expect(await rowsOf(file)).toEqual([
      [
        [true, true],
        [false, false],
        [true, true],
      ],
    ]);
    const { columns } = await profile(file);
    expect(columns.map(({ type, distinct }) => [type, distinct])).toEqual([
      ["bool", 2],
      ["bool", 2],
    ]);
    expect(columns[0]?.proof).toContain('"yes"');
    expect((await profile(file, { fast: true })).columns[0]?.type).toBe("bool");
  });
});

describe("folders of files that differ", () => {
  const many = (name: string, files: Readonly<Record<string, string>>): string => {
    mkdirSync(path.join(folder, name));
    for (const [file, content] of Object.entries(files)) write(path.join(name, file), content);
    return path.join(folder, name);
  };
  const first = "id,v\n1,1.5\n2,2.5\n";

  test("in the order of their columns: each is read by its names", async () => {
    const source = many("order", { "a.csv": first, "b.csv": "v,id\n3.5,3\n" });
    const frame = await chunked(source, { by: "id", agg: "v:sum" });
    expect(frame.values).toEqual([
      [1, 1.5],
      [2, 2.5],
      [3, 3.5],
    ]);
    expect((await profile(source)).columns.map(({ name, type }) => [name, type])).toEqual([
      ["id", "int64"],
      ["v", "float64"],
    ]);
  });

  test("in the columns that they have: all are there, null where a file has none", async () => {
    const source = many("more", { "a.csv": first, "b.csv": "id,w\n3,x\nbad,row,here\n4,y\n" });
    const { columns, rows, rejected } = await profile(source);
    expect(rows).toBe(4);
    expect(columns.map(({ name, nulls }) => [name, nulls])).toEqual([
      ["id", 0],
      ["v", 2],
      ["w", 2],
    ]);
    expect(rejected).toMatchObject({ rows: 1, examples: [{ file: "b.csv", line: 3 }] });
    const clean = many("clean", { "a.csv": first, "b.csv": "id,w\n3,x\n" });
    expect((await chunked(clean, { agg: "id:sum,v:count,w:count" })).values).toEqual([[6, 2, 1]]);
    expect(await rowsOf(clean)).toEqual([
      [
        [1, 1.5, null],
        [2, 2.5, null],
        [3, null, "x"],
      ],
    ]);
  });

  test("in the case of a name: one column, under its first spelling, and it is told", async () => {
    const source = many("case", { "a.csv": "id,fee\n1,2.5\n", "b.csv": "id,Fee\n2,4\n" });
    const { values, run } = await chunked(source, { agg: "fee:sum" });
    expect(values).toEqual([[6.5]]);
    expect(run.notes).toContain(
      `the files differ: "Fee" is taken for "fee" in b.csv alone; they are joined by the names of columns`,
    );
  });

  test("in their separators: refused, with the two files", async () => {
    const source = many("separators", { "a.csv": first, "b.csv": "id;v\n3;3.5\n", "c.csv": "id\n7\n" });
    await expect(chunked(source, { agg: "id:sum" })).rejects.toMatchObject({
      code: "E_MIXED_SEPARATORS",
      message: 'a.csv separates fields by "," and b.csv by ";"',
    });
  });

  test("Parquet files join by name too", async () => {
    const source = many("parquet", {});
    await using session = await openDuckdb();
    await session.execute(`COPY (SELECT 1 AS id, 1.5::DOUBLE AS v) TO '${source}/a.parquet'`);
    await session.execute(`COPY (SELECT 2.5::DOUBLE AS v, 2 AS id, 'x' AS w) TO '${source}/b.parquet'`);
    expect((await chunked(source, { agg: "id:sum,v:sum,w:count" })).values).toEqual([[3, 4, 1]]);
    expect((await profile(source)).columns.map(({ name, nulls }) => [name, nulls])).toEqual([
      ["id", 0],
      ["v", 0],
      ["w", 1],
    ]);
  });

  test("a link to nothing is told as that", async () => {
    symlinkSync(path.join(folder, "gone.csv"), path.join(folder, "link.csv"));
    await expect(chunked(path.join(folder, "link.csv"), { agg: "*:count" })).rejects.toMatchObject({
      code: "E_NO_FILE",
      message: expect.stringContaining("is a link to a file that is not there"),
    });
  });
});

test("groups over the memory limit are the same by the engine that spills, which says why", async () => {
  const rows = Array.from({ length: 240_000 }, (_, i) => `key number ${(i * 7919) % 200_003},${(i % 1000) / 4}`);
  const file = write("many.csv", `k,x\n${rows.join("\n")}\n`);
  const [large, small] = await Promise.all(
    ["1GiB", "32MiB"].map((memoryLimit) => chunked(file, { by: "k", agg: "x:sum,*:count", memoryLimit, threads: 1 })),
  );
  expect([large?.run.engine, small?.run.engine]).toEqual(["scanner", "DuckDB"]);
  expect(small?.run.reason).toMatch(/over the scanner's memory limit; .* spills to disk/);
  expect(small?.values).toEqual(large?.values);
});

describe("parts without a byte", () => {
  test.each([
    ["csv", "id,v\n1,2\n", "id,v\n3,4\n", ""],
    ["csv.gz", gzipSync("id,v\n1,2\n"), gzipSync("id,v\n3,4\n"), gzipSync("")],
    ["jsonl", '{"id":1,"v":2}\n', '{"id":3,"v":4}\n', ""],
  ])("are passed over beside others, with a note: %s", async (ending, first, last, nothing) => {
    const parts = path.join(folder, `empty-${ending}`);
    mkdirSync(parts);
    writeFileSync(path.join(parts, `part-0.${ending}`), first);
    writeFileSync(path.join(parts, `part-1.${ending}`), nothing);
    writeFileSync(path.join(parts, `part-2.${ending}`), last);
    const note = `passed over, for it is empty: part-1.${ending}`;
    const sums = await chunked(parts, { agg: "v:sum,*:count" });
    expect(sums.values).toEqual([[6, 2]]);
    expect(sums.run.notes).toEqual([note]);
    expect(((await rowsOf(parts)) as unknown[][]).flat()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(await profile(parts)).toMatchObject({ rows: 2, files: 2, notes: [note] });
  });

  test("are an error where nothing else is there, and of a format that ends with a footer", async () => {
    const parts = path.join(folder, "only-empty");
    mkdirSync(parts);
    for (const name of ["a.csv", "b.csv"]) writeFileSync(path.join(parts, name), "");
    await expect(chunked(parts, { agg: "*:count" })).rejects.toMatchObject({ code: "E_EMPTY_FILE" });
    writeFileSync(path.join(parts, "c.parquet"), "");
    await expect(chunked(path.join(parts, "*.parquet"), { agg: "*:count" })).rejects.toMatchObject({
      code: "E_EMPTY_FILE",
    });
  });
});

describe("NaN among values", () => {
  const file = () => write("nan.csv", `g,v,w\n${"a,1.5,2\n".repeat(30)}a,NaN,3\nb,4.5,4\n`);

  test("makes a sum NaN, which a note explains, and is missing where that is said", async () => {
    const sums = await chunked(file(), { by: "g", agg: "v:sum,v:mean,w:sum" });
    expect(sums.values).toEqual([
      ["a", Number.NaN, Number.NaN, 63],
      ["b", 4.5, 4.5, 4],
    ]);
    expect(sums.run.notes).toEqual([
      "NaN is a value, and one among the rows is enough to make v_sum, v_mean NaN; --na NaN reads the word as missing, as pandas does",
    ]);
    const without = await chunked(file(), { by: "g", agg: "v:sum", na: ["NaN"] });
    expect(without.values).toEqual([
      ["a", 45],
      ["b", 4.5],
    ]);
    expect(without.run.notes).toEqual([]);
  });

  test("is no matter where nothing is left of it, nor as a key", async () => {
    expect((await chunked(file(), { by: "v", agg: "w:sum" })).run.notes).toEqual([]);
    expect((await chunked(file(), { agg: "v:count" })).run.notes).toEqual([]);
  });
});

test("a sum of whole numbers of more than 64 bits is the general engine's, which says so", async () => {
  const file = write("ids.csv", "id,k\n12345678901234567890,1\n12345678901234567891,2\n");
  const found = await chunked(file, { agg: "id:sum" });
  expect(found.run).toMatchObject({
    engine: "DuckDB",
    reason: expect.stringContaining('"id" has whole numbers of more than 64 bits'),
  });
  expect(found.values[0]).toEqual([24691357802469135781n]);
});

/** A gzip member without content that bears a name. */
function namedMember(name: string): Buffer {
  const plain = gzipSync("");
  const head = Buffer.from(plain.subarray(0, 10));
  head[3] = 8;
  return Buffer.concat([head, Buffer.from(`${name}\0`), plain.subarray(10)]);
}
