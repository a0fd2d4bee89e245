import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frameFromColumns } from "../../../src/frame/frame.ts";
import { partialOf } from "../../../src/frame/partial.ts";

describe("group-by", () => {
  test("null keys are a group, last; keys are never joined into one text", () => {
    const frame = frameFromColumns([
      { name: "a", type: "str", values: ["a-b", "a", null, "a", "__proto__"] },
      { name: "b", type: "str", values: ["c", "b-c", "x", null, "c"] },
      { name: "n", type: "int32", values: Int32Array.of(1, 2, 3, 4, 5) },
    ]);
    expect(frame.groupby(["a", "b"]).col(["n"]).sum().values).toEqual([
      ["__proto__", "c", 5],
      ["a", "b-c", 2],
      ["a", null, 4],
      ["a-b", "c", 1],
      [null, "x", 3],
    ]);
  });

  test("texts are put in order by code point, as every engine does", () => {
    const k = ["\u{1F600}", "\uFFFD", "b", null, "ab", "\u{1F600}"];
    const frame = frameFromColumns([
      { name: "k", type: "str", values: k },
      { name: "v", type: "int64", values: [1, 2, 3, 4, 5, 6] },
    ]);
    expect(frame.groupby(["k"]).col(["v"]).sum().values).toEqual([
      ["ab", 5],
      ["b", 3],
      ["\uFFFD", 2],
      ["\u{1F600}", 7],
      [null, 4],
    ]);
  });

  test("whole numbers that lie far apart are grouped as a map groups them", () => {
    const key = fc.oneof(
      fc.maxSafeInteger(),
      fc.integer({ min: -3, max: 3 }),
      fc.integer({ min: -40, max: 40 }).map((step) => step * 2 ** 32),
      fc.integer({ min: -40, max: 40 }).map((step) => step * 2 ** 20),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 600 }), (keys) => {
        const wide = [...keys, Number.MAX_SAFE_INTEGER, 0, -0, Number.MIN_SAFE_INTEGER];
        const validity = new Uint8Array(Math.ceil(wide.length / 8));
        for (const [i, value] of wide.entries())
          if (value !== null) validity[i >> 3] = (validity[i >> 3] as number) | (1 << (i & 7));
        const frame = frameFromColumns([
          { name: "k", type: "float64", values: Float64Array.from(wide, (value) => value ?? 7), validity },
          { name: "n", type: "int32", values: Int32Array.from(wide, () => 1) },
        ]);
        const counts = new Map<number | null, number>();
        for (const value of wide) counts.set(value, (counts.get(value) ?? 0) + 1);
        const wanted = [...counts];
        wanted.sort(([a], [b]) => Number(a === null) - Number(b === null) || Number(a) - Number(b));
        const result = frame.groupby(["k"]).agg({ n: ["sum"] });
        expect(result.values).toEqual(wanted);
        // In the order of their first rows.
        expect(Array.from(partialOf(result)?.keys[0]?.values ?? [])).toEqual([...counts.keys()]);
      }),
      { numRuns: 60 },
    );
  });

  test("nulls take no part, NaN does", () => {
    const frame = frameFromColumns([
      { name: "k", type: "int32", values: Int32Array.of(1, 1, 2, 2, 3, 3) },
      {
        name: "v",
        type: "float64",
        values: Float64Array.of(1, 0, 5, Number.NaN, 0, 0),
        validity: Uint8Array.of(0b001101),
      },
    ]);
    const result = frame.groupby(["k"]).agg({ v: ["sum", "mean", "count", "min", "max", "std", "nunique"] });
    expect(result.columns).toEqual(["k", "v_sum", "v_mean", "v_count", "v_min", "v_max", "v_std", "v_nunique"]);
    expect(result.values).toEqual([
      [1, 1, 1, 1, 1, 1, null, 1],
      [2, Number.NaN, Number.NaN, 2, 5, Number.NaN, Number.NaN, 2],
      [3, null, null, 0, null, null, null, 0],
    ]);
  });

  test("NaN, infinities and negative zero as keys", () => {
    const values = Float64Array.of(Number.NaN, 0, -0, Number.POSITIVE_INFINITY, Number.NaN, -1);
    const frame = frameFromColumns([
      { name: "k", type: "float64", values },
      { name: "n", type: "int32", values: Int32Array.of(1, 1, 1, 1, 1, 1) },
    ]);
    expect(frame.groupby(["k"]).count().values).toEqual([
      [-1, 1],
      [0, 2],
      [Number.POSITIVE_INFINITY, 1],
      [Number.NaN, 2],
    ]);
  });

  test("dates, booleans, bigints and nested values are keys, texts have a smallest and a largest", () => {
    const day = (n: number) => new Date(n * 86_400_000);
    const frame = frameFromColumns([
      { name: "day", type: "date", values: [day(2), day(1), day(2)] },
      { name: "flag", type: "bool", values: [true, null, true] },
      { name: "big", type: "int64", values: BigInt64Array.of(2n ** 60n, 1n, 2n ** 60n) },
      { name: "tags", type: "list", values: [["a"], ["b"], ["a"]] },
      { name: "word", type: "str", values: ["z", "m", "b"] },
    ]);
    for (const key of ["day", "flag", "big", "tags"]) expect(frame.groupby([key]).ngroups, key).toBe(2);
    const result = frame.groupby(["day"]).col(["word"]);
    expect(result.min().values).toEqual([
      [day(1), "m"],
      [day(2), "b"],
    ]);
    expect(result.max().values).toEqual([
      [day(1), "m"],
      [day(2), "z"],
    ]);
    expect(frame.groupby(["big"]).col(["day"]).max().day_max.values).toEqual([day(1), day(2)]);
  });

  test("a sum of tenths is right to the last digit", () => {
    const frame = frameFromColumns([
      { name: "k", type: "int32", values: new Int32Array(1000) },
      { name: "v", type: "float64", values: new Float64Array(1000).fill(0.1) },
    ]);
    expect(frame.groupby(["k"]).col(["v"]).sum().v_sum.values).toEqual([100]);
  });

  test("methods that do not run on columns give what Danfo gives", () => {
    const frame = frameFromColumns([
      { name: "k", type: "str", values: ["a", "b", "a"] },
      { name: "n", type: "int32", values: Int32Array.of(1, 2, 3) },
    ]);
    expect(frame.groupby(["k"]).col(["n"]).cumSum().values).toEqual([
      ["a", 1],
      ["a", 4],
      ["b", 2],
    ]);
    expect(frame.groupby(["k"]).agg({ n: "median" }).values).toEqual([
      ["a", 2],
      ["b", 2],
    ]);
    expect(frame.groupby(["k"]).getGroup(["a"]).columns).toEqual(["k", "n"]);
    expect(frame.groupby(["k"]).getGroup(["a"]).values).toEqual([
      ["a", 1],
      ["a", 3],
    ]);
    expect(frame.groupby(["k"]).apply((group) => group.head(1)).shape[0]).toBe(2);
  });

  test("carries the states that a merge needs", () => {
    const frame = frameFromColumns([
      { name: "k", type: "int32", values: Int32Array.of(2, 1, 2) },
      { name: "v", type: "float64", values: Float64Array.of(1, 2, 4) },
    ]);
    const partial = partialOf(frame.groupby(["k"]).col(["v"]).mean());
    expect(partial?.groups).toBe(2);
    expect(partial?.keys.map(({ name, type, values }) => ({ name, type, values: [...(values as number[])] }))).toEqual([
      { name: "k", type: "int32", values: [2, 1] },
    ]);
    const [mean] = partial?.aggregates ?? [];
    expect(mean).toMatchObject({
      name: "v_mean",
      type: "float64",
      state: { fn: "mean", n: Float64Array.of(2, 1), high: Float64Array.of(5, 2) },
    });
    const whole = partialOf(frame.sum({ axis: 0 }));
    expect(whole).toMatchObject({ keys: [], groups: 1 });
    expect(whole?.aggregates.map(({ name }) => name)).toEqual(["k_sum", "v_sum"]);
    expect(partialOf(frame.v.sum())).toBeUndefined();
  });
});

test("any table groups as a plain loop does", () => {
  const row = fc.record({
    a: fc.option(fc.constantFrom("x", "x-y", "", "null", "10"), { nil: null }),
    b: fc.option(fc.integer({ min: -3, max: 3 }), { nil: null }),
    v: fc.option(fc.integer({ min: -1000, max: 1000 }), { nil: null }),
  });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (rows) => {
      const frame = frameFromColumns([
        { name: "a", type: "str", values: rows.map(({ a }) => a) },
        { name: "b", type: "int32", values: rows.map(({ b }) => b) },
        { name: "v", type: "int64", values: rows.map(({ v }) => v) },
      ]);
      const expected = new Map<string, { n: number; sum: number | null; min: number | null }>();
      for (const { a, b, v } of rows) {
        const group = expected.get(JSON.stringify([a, b])) ?? { n: 0, sum: null, min: null };
        if (v !== null) {
          group.n++;
          group.sum = (group.sum ?? 0) + v;
          group.min = group.min === null ? v : Math.min(group.min, v);
        }
        expected.set(JSON.stringify([a, b]), group);
      }
      const result = frame.groupby(["a", "b"]).agg({ v: ["count", "sum", "min"] });
      const found = new Map(
        (result.values as unknown[][]).map(([a, b, n, sum, min]) => [JSON.stringify([a, b]), { n, sum, min }]),
      );
      expect(found).toEqual(expected);
      expect(found.size).toBe(result.shape[0]);
    }),
    { seed: 20_261_124, numRuns: 200 },
  );
});
