import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  type ChunkedOptions,
  type ChunkedRun,
  type ChunkInfo,
  chunked,
  explainChunked,
  memoryDocument,
} from "../../../src/chunked/chunked.ts";
import { Engines } from "../../../src/chunked/engines.ts";
import { DuckdbSession } from "../../../src/duckdb/session.ts";
import { DataError, Interrupted, UsageError } from "../../../src/errors.ts";
import type { DataFrame } from "../../../src/frame/frame.ts";
import { profile } from "../../../src/profile/profile.ts";
import type { ProgressEvent } from "../../../src/progress.ts";
import { ScanThread } from "../../../src/scan/threads/thread.ts";
import { resolveSource } from "../../../src/source/resolve.ts";

const ROWS = 120_000;
let folder: string;
let expected: Map<number, { cents: number; rows: number }>;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-test-"));
  expected = new Map();
  const lines = ["user_id,category,amount"];
  // Users come back in every chunk: 7,919 is coprime to 5,000.
  for (let i = 0; i < ROWS; i++) {
    const [user, cents] = [(i * 7919) % 5000, (i * 31) % 10_007];
    lines.push(`${user},c${i % 7},${(cents / 100).toFixed(2)}`);
    const known = expected.get(user) ?? { cents: 0, rows: 0 };
    expected.set(user, { cents: known.cents + cents, rows: known.rows + 1 });
  }
  write("data.csv", `${lines.join("\n")}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the worked example: users come back in later chunks", () => {
  test("the engine agrees with a computation of the whole, to the cent", async () => {
    const frame = await chunked("data.csv", { by: "user_id", agg: "amount:sum,*:count,amount:mean", cwd: folder });
    expect(rowsOf(frame)).toEqual(
      sortedUsers().map(([user, { cents, rows }]) => [user, cents / 100, rows, cents / (100 * rows)]),
    );
    expect(frame.run).toMatchObject({ rows: ROWS, chunks: 0, complete: true, engine: "scanner" });
    expect(Object.keys(frame)).not.toContain("run");
    expect(frame.run.peakBytes).toBeGreaterThan(frame.run.heapPeakBytes);
    expect(frame.run.wholeBytes?.pandas2).toBeGreaterThan(frame.run.wholeBytes?.pandas3 ?? Number.POSITIVE_INFINITY);
  });

  test("a function of each chunk agrees as well, and never gives a user twice", async () => {
    const infos: ChunkInfo[] = [];
    const frame = (await chunked(
      "data.csv",
      (chunk, info) => {
        infos.push(info);
        return chunk.groupby(["user_id"]).col(["amount"]).sum();
      },
      { chunksize: 50_000, dtype: "user_id:int32,category:category,amount:float32", cwd: folder },
    )) as DataFrame & { run: ChunkedRun };
    const rows = rowsOf(frame);
    expect(rows.map(([user]) => user)).toEqual(sortedUsers().map(([user]) => user));
    for (const [i, [, { cents, rows: count }]] of sortedUsers().entries())
      expect(Math.abs((rows[i]?.[1] as number) - cents / 100)).toBeLessThan(count * 100 * 2 ** -24);
    expect(frame.columns).toEqual(["user_id", "amount_sum"]);
    expect(infos).toMatchObject([
      { index: 0, rows: 50_000, firstRow: 0 },
      { index: 1, rows: 50_000, firstRow: 50_000 },
      { index: 2, rows: 20_000, firstRow: 100_000 },
    ]);
    expect(frame.run).toMatchObject({ rows: ROWS, chunks: 3, complete: true });
    expect(frame.run.notes.join()).toMatch(/lossy.*amount/);
  });

  test("means are merged from sums and counts, not from means", async () => {
    write("skew.csv", `k,v\n${"a,1\n".repeat(9)}a,101\n`);
    const frame = await chunked(
      "skew.csv",
      (chunk) => chunk.groupby(["k"]).agg({ v: ["mean", "std", "count", "min", "max"] }),
      {
        chunksize: 9,
        cwd: folder,
      },
    );
    const deviation = Math.sqrt((9 * 10 ** 2 + 90 ** 2) / 9);
    expect(rowsOf(frame)).toEqual([["a", 11, expect.closeTo(deviation, 9), 10, 1, 101]]);
  });

  test("the memory table says which rows a condition counts, and no speed of those alone", async () => {
    const { run } = await chunked("data.csv", { agg: "*:count", where: "amount < 0", cwd: folder });
    const text = JSON.stringify(memoryDocument(run).blocks);
    expect(text).toContain("that meet the condition");
    expect(text).not.toContain("rows a second");
  });

  test("the memory table shows some of very many notes", async () => {
    const { run } = await chunked("data.csv", { agg: "*:count", cwd: folder });
    const notes = Array.from({ length: 500 }, (_, i) => `note ${i}`);
    const text = JSON.stringify(memoryDocument({ ...run, notes }).blocks);
    expect(text).toContain("note 11");
    expect(text).not.toContain("note 12");
    expect(text).toContain("488 more such notes are in run.notes");
  });

  test("the memory table has every figure", async () => {
    const { run } = await chunked("data.csv", { agg: "*:count", cwd: folder });
    const [block] = memoryDocument(run).blocks;
    const text = JSON.stringify(block);
    for (const word of [
      "rows",
      "time",
      "peak resident memory",
      "heap",
      "peak buffers",
      "whole in plain Danfo",
      "whole in pandas 3",
      "120,000",
    ])
      expect(text).toContain(word);
    expect(run.bufferPeakBytes).toBeGreaterThan(2 ** 16);
    expect(text).not.toContain("spilled");
    expect(JSON.stringify(memoryDocument({ ...run, spillPeakBytes: 3 * 2 ** 20 }).blocks)).toContain("3.0 MiB");
  });

  test("what DuckDB held and what one chunk took stand in it, and in the table while it runs", async () => {
    const tables: string[] = [];
    const onProgress = (event: ProgressEvent) => {
      tables.push(JSON.stringify(event.report?.()));
    };
    const { path: parquet } = await chunked("data.csv", { to: "data.parquet", cwd: folder });
    const options = { chunksize: 20_000, cwd: folder, onProgress };
    // The engine is asked four times a second.
    const slow = async (chunk: DataFrame) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return (chunk.values as unknown[][]).length;
    };
    const counts = (await chunked(parquet, slow, options)) as number[] & { run: ChunkedRun };
    expect(counts.run).toMatchObject({ engine: "DuckDB", scannerPeakBytes: 0, fraction: 1 });
    expect(counts.run.duckdbPeakBytes).toBeGreaterThan(2 ** 16);
    // Rows of three values are forty bytes and more each.
    expect(counts.run.chunkPeakBytes).toBeGreaterThan(20_000 * 40);
    const final = JSON.stringify(memoryDocument(counts.run));
    for (const word of ["peak of DuckDB", "most for one chunk"]) expect(final).toContain(word);
    for (const word of ["resident memory", "DuckDB", "most for one chunk", "whole in pandas 3"])
      expect(tables.at(-1)).toContain(word);
  });

  test("what the scanner's kernels held is told of files that threads read", async () => {
    const long = { ...(await resolveSource("data.csv", { cwd: folder })) };
    const files = Array.from({ length: 20 }, () => long.files[0] as (typeof long.files)[number]);
    const source = { ...long, files, bytes: 20 * long.bytes };
    const fractions: number[] = [];
    const { run } = await chunked(source, {
      by: "category",
      agg: "amount:sum",
      onProgress: ({ fraction }) => void fractions.push(fraction ?? 0),
    });
    expect(run.scannerPeakBytes).toBeGreaterThan(2 ** 18);
    expect(fractions.at(-1)).toBe(1);
    expect(JSON.stringify(memoryDocument(run))).toContain("peak of the scanner");
  });

  test("progress is of the rows that are in the result, not of those that were read ahead", async () => {
    const seen: number[] = [];
    let done = 0;
    const onProgress = ({ fraction = 0 }: ProgressEvent) => {
      if (done < 3) seen.push(fraction);
    };
    await chunked("data.csv", () => void done++, { chunksize: 40_000, cwd: folder, onProgress });
    expect(Math.max(0, ...seen)).toBeLessThan(1);
  });

  test("the memory table leaves chunks out where the engine does the whole", async () => {
    const { run } = await chunked("data.csv", { agg: "*:count", cwd: folder });
    const [block] = memoryDocument(run).blocks;
    const names = block?.kind === "table" ? block.preview.rows.map(([name]) => name?.text) : [];
    expect(names).toContain("rows");
    expect(names).not.toContain("chunks");
  });

  test("what the whole would take is what the profile says of it", async () => {
    const { sizes } = await profile("data.csv", { cwd: folder });
    const declared = await chunked("data.csv", { agg: "*:count", cwd: folder });
    const chunks = (await chunked("data.csv", (chunk) => chunk.groupby(["category"]).col(["amount"]).sum(), {
      cwd: folder,
    })) as DataFrame & { run: ChunkedRun };
    for (const { run } of [declared, chunks])
      for (const form of ["danfo", "pandas2", "pandas3"] as const)
        expect((run.wholeBytes?.[form] ?? 0) / sizes[form]).toBeCloseTo(1, 1);
    expect(sizes.pandas2).toBe(132 + ROWS * (8 + 57 + 2 + 8));
  });
});

describe("what the chunks give", () => {
  test("plain values are collected in the order of the chunks", async () => {
    const counts = (await chunked("data.csv", async (chunk) => chunk.shape[0], {
      chunksize: "50k",
      cwd: folder,
    })) as unknown[];
    expect([...counts]).toEqual([50_000, 50_000, 20_000]);
    expect((counts as unknown as { run: ChunkedRun }).run.chunks).toBe(3);
  });

  test("nothing is nothing", async () => {
    const runs: ChunkedRun[] = [];
    expect(await chunked("data.csv", () => undefined, { cwd: folder, onRun: (run) => runs.push(run) })).toBeUndefined();
    expect(runs).toMatchObject([{ chunks: 3, complete: true }]);
  });

  test("frames are stacked on request", async () => {
    const frame = await chunked("data.csv", (chunk) => chunk.head(2), {
      merge: "concat",
      chunksize: 50_000,
      cwd: folder,
    });
    expect(rowsOf(frame).map(([user, category]) => [user, category])).toEqual(
      [0, 1, 50_000, 50_001, 100_000, 100_001].map((i) => [(i * 7919) % 5000, `c${i % 7}`]),
    );
  });

  test("a function merges all values", async () => {
    const merge = (values: unknown[]) => (values as number[]).reduce((sum, value) => sum + value, 0);
    expect(await chunked("data.csv", (chunk) => chunk.shape[0], { merge, chunksize: 50_000, cwd: folder })).toBe(ROWS);
  });

  test("reductions of a frame merge to one row", async () => {
    const frame = await chunked("data.csv", (chunk) => chunk.loc({ columns: ["amount"] }).sum({ axis: 0 }), {
      chunksize: 7_000,
      cwd: folder,
    });
    const cents = sortedUsers().reduce((sum, [, user]) => sum + user.cents, 0);
    expect(rowsOf(frame)).toEqual([[expect.closeTo(cents / 100, 6)]]);
  });

  test.each<[string, (chunk: DataFrame) => unknown]>([
    ["a frame of rows", (chunk) => chunk.head()],
    [
      "an edited aggregate",
      (chunk) => {
        const sums = chunk.groupby(["user_id"]).col(["amount"]).sum();
        sums.addColumn("twice", (sums.column("amount_sum").values as number[]).map((sum) => sum * 2) as never, {
          inplace: true,
        });
        return sums;
      },
    ],
  ])("%s is refused with the ways out", async (_, callback) => {
    const failure = await caught(chunked("data.csv", callback, { cwd: folder }));
    expect(failure).toBeInstanceOf(UsageError);
    expect(failure).toMatchObject({ code: "E_MERGE", hint: expect.stringContaining("--merge concat") });
  });

  test("a mix of kinds is refused", async () => {
    const mixed = (chunk: DataFrame, { index }: ChunkInfo) =>
      index === 0 ? chunk.groupby(["category"]).col(["amount"]).sum() : 1;
    await expect(chunked("data.csv", mixed, { cwd: folder })).rejects.toMatchObject({ code: "E_MERGE" });
  });

  test("columns, filter and types hold for the chunks", async () => {
    const seen: unknown[] = [];
    await chunked("data.csv", (chunk) => void seen.push([...chunk.columns, chunk.shape[0]]), {
      usecols: "amount,user_id",
      where: "category = 'c0' AND user_id < 2500",
      chunksize: "1MiB",
      cwd: folder,
    });
    expect(seen[0]).toEqual(["user_id", "amount", expect.any(Number)]);
    expect((seen as number[][]).reduce((sum, one) => sum + (one[2] as number), 0)).toBe(
      Array.from({ length: ROWS }, (_, i) => i).filter((i) => i % 7 === 0 && (i * 7919) % 5000 < 2500).length,
    );
  });

  test("the line of names alone gives one empty chunk and its schema", async () => {
    write("header.csv", "k,v\n");
    const frame = await chunked("header.csv", (chunk) => chunk.groupby(["k"]).col(["v"]).count(), { cwd: folder });
    expect(rowsOf(frame)).toEqual([]);
    expect((frame as DataFrame).columns).toEqual(["k", "v_count"]);
  });
});

describe("files that differ in their columns", () => {
  test.each([
    [["id,town\n1,x\n", "id\n2\n"], '"town" is in 0.csv alone'],
    [["id;v\n1;2\n", "\ufeffv;id\n2;1\n"], "the columns stand in another order"],
    [["a,b\n1,2\n", "a,b\n1,2\n", 'a,"b, c"\n1,3\n'], '"b" is in all files but 2.csv, "b, c" is in 2.csv alone'],
  ])("%j are joined by name, and it is said how", async (texts, words) => {
    const name = `drift-${texts.join("").length}`;
    mkdirSync(path.join(folder, name));
    for (const [i, text] of texts.entries()) write(`${name}/${i}.csv`, text);
    const { run } = await chunked(name, { agg: "*:count", cwd: folder });
    expect(run.notes).toEqual([`the files differ: ${words}; they are joined by the names of columns`]);
    const each: string[] = [];
    await chunked(name, (chunk) => chunk.shape[0], { cwd: folder, onRun: ({ notes }) => each.push(...notes) });
    expect(each).toEqual(run.notes);
  });

  test("files that do not differ have no note", async () => {
    mkdirSync(path.join(folder, "alike"));
    write("alike/a.csv", "id,v\n1,2\n");
    write("alike/b.csv", "id,v\n3,4\n");
    expect((await chunked("alike", { agg: "*:count", cwd: folder })).run.notes).toEqual([]);
  });
});

describe("numbers in unusual forms are the same to both engines", () => {
  /** Undeclared, and as whole numbers: an error where there is no value. */
  test.each([
    ["+3", "+3", 3],
    ["0024", "0024", 24],
    ["1e5", 100_000, 100_000],
    ["2.0", 2, 2],
    ["5.", 5, 5],
    [".5", 0.5, undefined],
    ["-0", 0, 0],
    ["-0.0", 0, 0],
    [" 7 ", 7, 7],
    ["nan", Number.NaN, undefined],
    ["-inf", Number.NEGATIVE_INFINITY, undefined],
    ["Infinity", Number.POSITIVE_INFINITY, undefined],
    ["+inf", "+inf", undefined],
  ])("%j", async (text, found, whole) => {
    write("form.csv", `k,v\nx,${text}\n`);
    for (const [engine, agg] of [
      ["scanner", "v:max"],
      ["DuckDB", "v:max,v:mode"],
    ] as const) {
      const { run, values } = await chunked("form.csv", { agg, cwd: folder });
      // A zero has no sign in a result.
      const [value] = values[0] as unknown[];
      expect([run.engine, value === 0 ? 0 : value]).toEqual([engine, found]);
      const declared = chunked("form.csv", { agg, cwd: folder, dtype: "v:int64" });
      if (whole === undefined) await expect(declared).rejects.toMatchObject({ code: "E_BAD_VALUE" });
      else expect((await declared).column("v_max").values[0]).toEqual(whole);
    }
  });

  test("decimals in lists are numbers", async () => {
    write("lists.csv", "k,v\nx,1.50\nx,2.25\n");
    const query = { by: "k", agg: "v:list", cwd: folder };
    for (const options of [{}, { dtype: "v:decimal(9, 2)" }])
      expect((await chunked("lists.csv", { ...query, ...options })).values).toEqual([["x", [1.5, 2.25]]]);
  });
});

describe("numbers that the general engine takes for something else", () => {
  test.each([
    ["x\n1.5\ninf\nNaN\n", "x:max,x:quantile:0", [[Number.NaN, 1.5]]],
    ["x,y\n1e-7,a\n", "x:median,y:mode", [[1e-7, "a"]]],
    ["x\n1\n-inf\n", "x:min,x:median", [[Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]]],
  ])("%j has %s", async (text, agg, expected) => {
    write("odd-numbers.csv", text);
    expect((await chunked("odd-numbers.csv", { agg, cwd: folder })).values).toEqual(expected);
  });

  test("a word among them leaves it text", async () => {
    write("word-among.csv", `x\ninf\n${"1\n".repeat(5000)}oops\n${"2\n".repeat(5000)}`);
    const { values } = await chunked("word-among.csv", { agg: "x:nunique,x:mode", cwd: folder });
    expect(values).toEqual([[4, "1"]]);
  });
});

test("threads that were begun for the scanner end before DuckDB works", async () => {
  // No threads begin for what is small.
  writeFileSync(path.join(folder, "packed.csv.gz"), gzipSync(`k,v\n${"a,1\n".repeat(1_100_000)}`));
  const ended = vi.spyOn(ScanThread.prototype, "end");
  const described = vi.spyOn(DuckdbSession.prototype, "describe");
  const first = (of: typeof ended | typeof described) => of.mock.invocationCallOrder[0] ?? Number.NaN;
  try {
    const packed = { cwd: folder };
    await chunked("packed.csv.gz", { by: "k", agg: "v:median", ...packed });
    expect(first(ended)).toBeLessThan(first(described));
    for (const spy of [ended, described]) spy.mockClear();
    await chunked("packed.csv.gz", (chunk) => chunk.shape, { where: "v + 1 > 1", ...packed });
    expect(first(ended)).toBeLessThan(first(described));
  } finally {
    vi.restoreAllMocks();
  }
});

test("threads that no scan took end before DuckDB opens where the scanner gives up in the middle", async () => {
  // Rows that are tested are read by one of the two threads; samples lie before and behind the number of 30 digits.
  const rows = Array.from({ length: 60_000 }, (_, i) => `a,${i === 1000 ? "1".repeat(30) : i},${"x".repeat(290)}\n`);
  writeFileSync(path.join(folder, "late.csv"), `k,v,pad\n${rows.join("")}`);
  const ended = vi.spyOn(ScanThread.prototype, "end");
  const opened = vi.spyOn(Engines.prototype, "duckdb");
  try {
    await chunked("late.csv", (chunk) => chunk.shape, { where: "k = 'a'", cwd: folder, threads: 2 });
    expect(ended).toHaveBeenCalledTimes(2);
    expect(ended.mock.invocationCallOrder.at(-1)).toBeLessThan(opened.mock.invocationCallOrder[0] ?? Number.NaN);
  } finally {
    vi.restoreAllMocks();
  }
});

describe("what goes wrong", () => {
  test("a callback that throws in chunk 7 keeps its error, and leaves nothing", async () => {
    class Own extends Error {}
    const before = leftovers();
    const failure = await caught(
      chunked(
        "data.csv",
        (_, { index }) => {
          if (index === 6) throw new Own("broken");
          return index;
        },
        { chunksize: 10_000, cwd: folder },
      ),
    );
    expect(failure).toBeInstanceOf(Own);
    expect((failure as Error).message).toBe("broken (in chunk 7, rows 60,001 to 70,000)");
    expect(leftovers()).toEqual(before);
    expect(rowsOf(await chunked("data.csv", { agg: "*:count", cwd: folder }))).toEqual([[ROWS]]);
  });

  test("what is thrown and no error is wrapped", async () => {
    const callback = () => {
      throw "text";
    };
    await expect(chunked("data.csv", callback, { cwd: folder })).rejects.toMatchObject({
      code: "E_CALLBACK",
      message: expect.stringContaining("chunk 1"),
    });
  });

  test("what the whole would take is predicted with the types that late values leave", async () => {
    const rows = (from: number) => Array.from({ length: 800_000 }, (_, i) => `${(from + i) % 7},${i}\n`).join("");
    write("widened.csv", `k,v\n${rows(0)}late,1\n${rows(1)}`);
    const { run } = await chunked("widened.csv", { by: "k", agg: "v:sum", cwd: folder });
    expect(run.notes).toEqual([expect.stringContaining('"k" is read as str')]);
    const { sizes } = await profile(path.join(folder, "widened.csv"), { full: true });
    for (const form of ["danfo", "pandas2", "pandas3"] as const)
      expect((run.wholeBytes?.[form] ?? 0) / sizes[form], form).toBeCloseTo(1, 1);
  });

  test("a stop in the middle gives what was merged, labelled incomplete", async () => {
    const stop = new AbortController();
    const runs: ChunkedRun[] = [];
    const before = leftovers();
    const failure = await caught(
      chunked(
        "data.csv",
        (chunk, { index }) => {
          if (index === 2) stop.abort();
          return chunk.groupby(["category"]).col(["amount"]).count();
        },
        { chunksize: 10_000, signal: stop.signal, cwd: folder, onRun: (run) => runs.push(run) },
      ),
    );
    expect(failure).toBeInstanceOf(Interrupted);
    const { partial } = failure as unknown as { partial: DataFrame & { run: ChunkedRun } };
    expect(partial.run).toMatchObject({ complete: false, chunks: 3, rows: 30_000 });
    expect(rowsOf(partial).reduce((sum, [, count]) => sum + (count as number), 0)).toBe(30_000);
    expect(runs).toEqual([partial.run]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(leftovers()).toEqual(before);
  });

  test("a stop of the engine is Interrupted too", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    // 120,000 rows are quick, so the same file is read two hundred times.
    mkdirSync(path.join(folder, "many"), { recursive: true });
    const options = { by: "user_id,category,amount", agg: "amount:median", signal: stop.signal, cwd: folder };
    const source = {
      kind: "files",
      label: "many",
      format: "csv",
      files: Array.from({ length: 200 }, () => file("data.csv")),
      bytes: 200 * file("data.csv").bytes,
      text: { sep: "," },
    } as const;
    await expect(chunked(source, options)).rejects.toBeInstanceOf(Interrupted);
  });

  test("a value that is not of its declared type names row, column and value, in both forms", async () => {
    write("bad.csv", `id,v\n${"1,2\n".repeat(60_000)}3,oops\n`);
    const expectedFailure = {
      name: "DataError",
      code: "E_BAD_VALUE",
      message: 'bad.csv row 60,001, column "v": "oops" is not an int32 (line 60,002)',
    };
    await expect(chunked("bad.csv", { agg: "v:sum", dtype: "v:int32", cwd: folder })).rejects.toMatchObject(
      expectedFailure,
    );
    await expect(
      chunked("bad.csv", (chunk) => chunk.shape[0], { dtype: "v:int32", cwd: folder }),
    ).rejects.toMatchObject(expectedFailure);
    write("late.csv", `v\n${"1\n".repeat(3_000_000)}1.5\n`);
    await expect(chunked("late.csv", (chunk) => chunk.shape[0], { cwd: folder })).rejects.toMatchObject({
      message: 'late.csv row 3,000,001, column "v": "1.5" is not an int64 (line 3,000,002)',
      hint: expect.stringContaining("--dtype v:float64"),
    });
  });

  test.each<[string, ChunkedOptions, new (...args: never[]) => Error, string]>([
    ["missing.csv", { agg: "*:count" }, UsageError, "E_NO_FILE"],
    ["dta.csv", { agg: "*:count" }, UsageError, "E_NO_FILE"],
    ["data.csv", { by: "usr_id", agg: "*:count" }, UsageError, "E_NO_COLUMN"],
    ["data.csv", { agg: "category:sum" }, UsageError, "E_WRONG_TYPE"],
    ["data.csv", { agg: "amount:average" }, UsageError, "E_UNKNOWN_FUNCTION"],
    ["data.csv", { by: "user_id" }, UsageError, "E_NO_AGGREGATE"],
    ["data.csv", { agg: "*:count", dtype: "user_id:int33" }, UsageError, "E_BAD_DTYPE"],
    ["data.csv", { agg: "*:count", where: "1 = 1; DROP TABLE x" }, UsageError, "E_BAD_WHERE"],
    ["data.csv", { agg: "*:count", engine: "dask" }, UsageError, "E_ENGINE_CHOICE"],
    ["data.csv", { agg: "*:count", threads: 0 }, UsageError, "E_BAD_OPTION"],
    ["zero.csv", { agg: "*:count" }, DataError, "E_EMPTY_FILE"],
    ["zip.csv", { agg: "*:count" }, DataError, "E_WRONG_FORMAT"],
    ["nul.csv", { agg: "*:count" }, DataError, "E_NOT_TEXT"],
    ["empty-folder", { agg: "*:count" }, UsageError, "E_EMPTY_FOLDER"],
    ["large.csv", { agg: "v:sum", dtype: "v:decimal(38,0)" }, DataError, "E_OVERFLOW"],
    ["https://example.org/data.csv", { agg: "*:count" }, UsageError, "E_URL"],
  ])("%s with %o", async (source, options, kind, code) => {
    write("zero.csv", "");
    write("large.csv", `v\n${`9${"0".repeat(37)}\n`.repeat(2)}`);
    write("zip.csv", Buffer.from("PK\x03\x04abc"));
    write("nul.csv", Buffer.from("a,b\n\0,1\n"));
    mkdirSync(path.join(folder, "empty-folder"), { recursive: true });
    const failure = await caught(chunked(source, { agg: undefined, ...options, cwd: folder }));
    expect(failure).toBeInstanceOf(kind);
    expect(failure).toMatchObject({ code, hint: expect.stringMatching(/./) });
  });

  test.each<[string, ChunkedOptions]>([
    ["a condition", { agg: "*:count", where: "amont > 1" }],
    ["a key", { agg: "*:count", by: "amont + 1" }],
  ])("a column that is not there in %s is told on Spark as it is here", async (_, options) => {
    const here = (await caught(chunked("data.csv", { agg: undefined, ...options, cwd: folder }))) as UsageError;
    expect(here).toMatchObject({ code: "E_NO_COLUMN", hint: "did you mean amount?" });
    const there = await caught(explainChunked("data.csv", { ...options, engine: "spark", cwd: folder }));
    const { name, code, message, hint, at } = here;
    expect(there).toMatchObject({ name, code, message, hint, at });
  });

  const where = "'nobody' < nobody";
  test.each([
    [where, 'no column "nobody" for --where', { start: 11, end: 17 }],
    ["length() > 1", 'the condition "length() > 1" does not work: ', undefined],
  ])(
    "the condition %s is told alike with and without a callback, and where rows are written",
    async (sql, words, at) => {
      const options = { where: sql, cwd: folder };
      const failure = {
        code: at ? "E_NO_COLUMN" : "E_BAD_WHERE",
        message: expect.stringContaining(words),
        at: at && { text: sql, ...at },
      };
      await expect(chunked("data.csv", { ...options, agg: "*:count" })).rejects.toMatchObject(failure);
      await expect(chunked("data.csv", () => 1, options)).rejects.toMatchObject(failure);
      await expect(chunked("data.csv", { ...options, to: "rows.csv" })).rejects.toMatchObject(failure);
    },
  );

  test("a column that is not there in SQL is told as one of a list is", async () => {
    write("names.csv", "vv,city\n1,Oslo\n");
    const ask = (options: ChunkedOptions) => caught(chunked("names.csv", { agg: "*:count", ...options, cwd: folder }));
    const key = { code: "E_NO_COLUMN", message: 'no column "v" for --by', hint: "did you mean vv?" };
    expect(await ask({ by: "v" })).toMatchObject(key);
    expect(await ask({ by: "abs(v) AS a" })).toMatchObject({ ...key, at: { text: "abs(v)", start: 4, end: 5 } });
    expect(await ask({ where: 'city = "Oslo"' })).toMatchObject({
      code: "E_NO_COLUMN",
      hint: "there are vv, city; a text stands in single quotes: 'Oslo'",
    });
    expect(await ask({ where: "city = Oslo" })).toMatchObject({ hint: expect.stringContaining("quotes: 'Oslo'") });
    expect(await ask({ where: "vv > 0 && vv < 9" })).toMatchObject({ hint: "SQL writes AND for &&" });
  });
});

function write(name: string, content: string | Uint8Array): void {
  writeFileSync(path.join(folder, name), content);
}

function file(name: string) {
  const { size: bytes, mtimeMs } = statSync(path.join(folder, name));
  return { path: path.join(folder, name), bytes, mtimeMs };
}

function rowsOf(frame: unknown): unknown[][] {
  return (frame as DataFrame).values as unknown[][];
}

function sortedUsers() {
  return [...expected].sort(([a], [b]) => a - b);
}

/** Temporary folders of this process. */
function leftovers(): string[] {
  expect(existsSync(tmpdir())).toBe(true);
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`outgrow-duckdb-${process.pid}-`));
}

async function caught(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "nothing was thrown",
    (failure: unknown) => failure,
  );
}
