import { describe, expect, test } from "vitest";
import { chunked } from "../../../src/chunked/chunked.ts";
import type { SourceInput } from "../../../src/chunked/source.ts";
import { type DataFrame, frameFromColumns } from "../../../src/frame/frame.ts";

const odd = ["x", 5, { a: 1 }, null];
const rows = odd.map((o, i) => ({ k: i % 2, v: i, o }));
const frame = frameFromColumns([
  { name: "k", type: "int32", values: Int32Array.of(0, 1, 0, 1) },
  { name: "v", type: "int32", values: Int32Array.of(0, 1, 2, 3) },
  { name: "o", type: "object", values: odd },
]);
const sources: [string, () => SourceInput][] = [
  ["rows", () => rows],
  ["rows that come later", () => later(rows)],
  ["a frame", () => frame],
  ["frames", () => later([frame.head(2), frame.tail(2)])],
];

async function* later<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

describe.each(sources)("a column of several kinds of values in %s", (_, open) => {
  test("is in nobody's way who does not use it", async () => {
    const sums = await chunked(open(), { by: "k", agg: "v:sum" });
    expect(sums.column("v_sum").values).toEqual([2, 4]);
    const some = await chunked(open(), { agg: "*:count", where: "v > 0" });
    expect(some.column("count").values).toEqual([3]);
  });

  test("is an error for who does, with the column's name", async () => {
    for (const options of [{ agg: "*:count", by: "o" }, { agg: "o:nunique" }, { agg: "*:count", where: "o = 'x'" }])
      await expect(chunked(open(), options)).rejects.toMatchObject({
        name: "DataError",
        code: "E_MIXED_COLUMN",
        message: expect.stringContaining('"o"'),
      });
  });

  test("is as it is in chunks", async () => {
    const read = (chunk: DataFrame) => chunk.column("o").values as unknown[];
    const values = (await chunked(open(), read, { chunksize: 2 })) as unknown[][];
    expect(values.flat()).toEqual(odd);
  });
});

test("a column whose kind changes after thousands of rows is told with the row, and only to who uses it", async () => {
  const many = Array.from({ length: 8193 }, (_, i) => ({ v: 1, o: i < 8192 ? i : "text" }));
  const sum = await chunked(later(many), { agg: "v:sum" });
  expect(sum.column("v_sum").values).toEqual([8193]);
  await expect(chunked(later(many), { agg: "o:count" })).rejects.toMatchObject({
    code: "E_MIXED_COLUMN",
    message: '"o" was int64 up to row 8,192, and is str in the 1 rows after it',
  });
});
