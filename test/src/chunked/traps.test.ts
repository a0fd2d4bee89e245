import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type CallbackOptions,
  type ChunkCallback,
  type ChunkedOptions,
  chunked,
} from "../../../src/chunked/chunked.ts";
import type { DataFrame } from "../../../src/frame/frame.ts";
import { frameFromColumns } from "../../../src/frame/frame.ts";

/** What chunk-wise work gets wrong elsewhere, each trap in both forms: the engine's and that of a function with small chunks. */

let cwd: string;
let files = 0;
beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "outgrow-traps-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function write(text: string): string {
  const name = `${files++}.csv`;
  writeFileSync(path.join(cwd, name), text);
  return name;
}

const engine = async (text: string, options: ChunkedOptions & { readonly agg: string }) =>
  (await chunked(write(text), { ...options, cwd })).values as unknown[][];

async function chunks(text: string, call: ChunkCallback, options: CallbackOptions = {}): Promise<unknown[][]> {
  const result = await chunked(write(text), call, { chunksize: 3, ...options, cwd });
  return (result as DataFrame).values as unknown[][];
}

const sumBy =
  (key: string, value = "v", fns = ["sum", "count"]) =>
  (chunk: DataFrame) =>
    chunk.groupby([key]).agg({ [value]: fns });

describe("merging", () => {
  const skewed = `k,v\n${"a,1\n".repeat(7)}a,100\nb,\nb,\nb,\nb,\na,100\n`;

  test("a mean is not a mean of means, and a group of nulls alone stays", async () => {
    const wanted = [
      ["a", 23, 9],
      ["b", null, 0],
    ];
    expect(await engine(skewed, { by: "k", agg: "v:mean,v:count" })).toEqual(wanted);
    expect(await chunks(skewed, sumBy("k", "v", ["mean", "count"]))).toEqual(wanted);
  });

  test("distinct values of chunks are not added up", async () => {
    const text = `k,v\n${Array.from({ length: 40 }, (_, i) => `a,${i % 4}`).join("\n")}\n`;
    expect(await engine(text, { by: "k", agg: "v:nunique" })).toEqual([["a", 4]]);
    expect(await chunks(text, sumBy("k", "v", ["nunique"]))).toEqual([["a", 4]]);
  });

  test("a median is exact from the engine, and those of chunks are no aggregate that merges", async () => {
    expect(await engine("v\n1\n2\n3\n4\n5\n100\n", { agg: "v:median" })).toEqual([[3.5]]);
    const medians = await chunked(write("v\n1\n2\n3\n4\n5\n100\n"), (chunk) => chunk.column("v").median(), {
      chunksize: 2,
      cwd,
    });
    // Plain values are given back one by one, never as if they were the answer.
    expect([...(medians as number[])]).toEqual([1.5, 3.5, 52.5]);
    const frames = chunks("k,v\na,1\na,2\na,3\na,4\n", (chunk) => chunk.loc({ columns: ["v"] }).median({ axis: 0 }));
    await expect(frames).rejects.toMatchObject({ code: "E_MERGE" });
  });

  test("the last chunk is short, and the last line has no end", async () => {
    for (const end of ["", "\n", "\r\n"]) {
      const text = ["k,v", ...Array.from({ length: 10 }, (_, i) => `a,${i}`)].join(end || "\n") + end;
      expect(await engine(text, { by: "k", agg: "v:sum,v:count" })).toEqual([["a", 45, 10]]);
      expect(await chunks(text, sumBy("k"))).toEqual([["a", 45, 10]]);
    }
  });
});

describe("numbers", () => {
  test("float32 rounds the values, and never their sum", async () => {
    const text = `v\n${"0.1\n".repeat(300_000)}`;
    const wanted = Math.fround(0.1) * 300_000;
    const [[summed]] = (await engine(text, { agg: "v:sum", dtype: "v:float32" })) as [[number]];
    const call = (chunk: DataFrame) => chunk.loc({ columns: ["v"] }).sum({ axis: 0 });
    const [[merged]] = (await chunks(text, call, { dtype: "v:float32", chunksize: 50_000 })) as [[number]];
    for (const sum of [summed, merged]) expect(Math.abs(sum - wanted) / wanted).toBeLessThan(1e-12);
  });

  test("a fraction behind thousands of whole numbers counts", async () => {
    const text = `k,v\n${"a,1\n".repeat(30_000)}a,0.5\n`;
    expect(await engine(text, { by: "k", agg: "v:sum" })).toEqual([["a", 30_000.5]]);
    const frames = await chunks(text, sumBy("k", "v", ["sum"]), { chunksize: 50_000 });
    expect(frames).toEqual([["a", 30_000.5]]);
  });

  test("what is empty or quoted and empty is missing, NaN and infinities are values", async () => {
    const text = 'k,v\na,1\na,""\na,\nb,NaN\nb,1\nc,inf\nc,1\n';
    const wanted = [
      ["a", 1, 1],
      ["b", Number.NaN, 2],
      ["c", Number.POSITIVE_INFINITY, 2],
    ];
    expect(await engine(text, { by: "k", agg: "v:sum,v:count" })).toEqual(wanted);
    expect(await chunks(text, sumBy("k"))).toEqual(wanted);
  });
});

describe("types", () => {
  test("dates in two formats are texts to both, and never wrong dates", async () => {
    const text = "d,v\n2024-01-02,1\n03/04/2024,2\n2024-01-02,3\n";
    const wanted = [
      ["03/04/2024", 2],
      ["2024-01-02", 4],
    ];
    expect(await engine(text, { by: "d", agg: "v:sum" })).toEqual(wanted);
    expect(await chunks(text, sumBy("d", "v", ["sum"]))).toEqual(wanted);
  });

  test("ids keep their zeros", async () => {
    const text = "id,v\n007,1\n7,2\n007,3\n";
    const wanted = [
      ["007", 4],
      ["7", 2],
    ];
    expect(await engine(text, { by: "id", agg: "v:sum" })).toEqual(wanted);
    expect(await chunks(text, sumBy("id", "v", ["sum"]))).toEqual(wanted);
  });

  test("a day is that of UTC, wherever the machine is", async () => {
    const before = process.env.TZ;
    process.env.TZ = "America/New_York";
    try {
      const text = "at,v\n2024-03-01T02:00:00Z,1\n2024-03-01T23:30:00Z,2\n";
      expect(await engine(text, { by: "day(at) AS day", agg: "v:sum" })).toEqual([[1, 3]]);
      const days = await chunks(text, (chunk) => chunk.groupby(["at"]).col(["v"]).sum());
      expect(days.map(([at]) => (at as Date).toISOString())).toEqual([
        "2024-03-01T02:00:00.000Z",
        "2024-03-01T23:30:00.000Z",
      ]);
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  test("line breaks inside of quotes are no rows", async () => {
    const text = `k,v\n${'"x\ny",1\n"x\n\ny",2\n'.repeat(10)}`;
    const wanted = [
      ["x\n\ny", 20],
      ["x\ny", 10],
    ];
    expect(await engine(text, { by: "k", agg: "v:sum" })).toEqual(wanted);
    expect(await chunks(text, sumBy("k", "v", ["sum"]))).toEqual(wanted);
  });

  test("categories that come in another order in each chunk are the same groups", async () => {
    const words = ["b", "a", "c", "c", "b", "a", "d", "a", "b"];
    const text = `k,v\n${words.map((word, i) => `${word},${i}`).join("\n")}\n`;
    const wanted = [
      ["a", 13],
      ["b", 12],
      ["c", 5],
      ["d", 6],
    ];
    expect(await engine(text, { by: "k", agg: "v:sum", dtype: "k:category" })).toEqual(wanted);
    expect(await chunks(text, sumBy("k", "v", ["sum"]), { dtype: "k:category" })).toEqual(wanted);
  });
});

describe("frames", () => {
  test("as many rows as columns are not turned round", async () => {
    const seen: unknown[][] = [];
    await chunked(write("a,b,c\n1,2,3\n4,5,6\n7,8,9\n"), (chunk) => void seen.push(...(chunk.values as unknown[][])), {
      cwd,
    });
    expect(seen).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]);
  });

  test("keys are tuples, and words that objects inherit are words", async () => {
    const text = "x,y,v\na-b,c,1\na,b-c,2\n__proto__,constructor,3\na-b,c,4\n__proto__,constructor,5\n";
    const wanted = [
      ["__proto__", "constructor", 8],
      ["a", "b-c", 2],
      ["a-b", "c", 5],
    ];
    expect(await engine(text, { by: "x,y", agg: "v:sum" })).toEqual(wanted);
    expect(await chunks(text, (chunk) => chunk.groupby(["x", "y"]).col(["v"]).sum())).toEqual(wanted);
  });

  test("49,000 groups of one chunk are what a map makes of its rows", () => {
    const rows = 50_000;
    const id = Int32Array.from({ length: rows }, (_, i) => (i * 7919) % 49_003);
    const tag = Array.from({ length: rows }, (_, i) => (i % 5 === 0 ? null : `t${(i * 31) % 49_009}`));
    const v = Array.from({ length: rows }, (_, i) => (i % 7 === 0 ? null : i / 4));
    const frame = frameFromColumns([
      { name: "id", type: "int32", values: id },
      { name: "tag", type: "str", values: tag },
      { name: "v", type: "float64", values: v },
    ]);
    for (const keys of [["id"], ["tag"], ["id", "tag"]]) {
      const groups = new Map<string, { sum: number | null; count: number }>();
      for (let i = 0; i < rows; i++) {
        const key = JSON.stringify(keys.map((name) => (name === "id" ? id[i] : tag[i])));
        const known = groups.get(key) ?? { sum: null, count: 0 };
        const value = v[i] ?? null;
        groups.set(key, value === null ? known : { sum: (known.sum ?? 0) + value, count: known.count + 1 });
      }
      const result = frame.groupby(keys).agg({ v: ["sum", "count"] }).values as unknown[][];
      expect(result).toHaveLength(groups.size);
      const found = new Map(result.map((row) => [JSON.stringify(row.slice(0, keys.length)), row.slice(keys.length)]));
      for (const [key, { sum, count }] of groups)
        if (found.get(key)?.[0] !== sum || found.get(key)?.[1] !== count)
          expect([key, ...(found.get(key) ?? [])]).toEqual([key, sum, count]);
    }
  });
});
