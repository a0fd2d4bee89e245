import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KeyIndex } from "../../../../src/chunked/chunks/key-index.ts";
import { PartialMerger } from "../../../../src/chunked/chunks/merge.ts";
import { sortedOrder } from "../../../../src/chunked/order.ts";
import { compareValues } from "../../../../src/frame/compare-values.ts";
import { arrowOf, type ColumnInput, type DataFrame, frameFromColumns, isEdited } from "../../../../src/frame/frame.ts";
import { type Partial, partialOf } from "../../../../src/frame/partial.ts";

const FUNCTIONS = ["sum", "mean", "count", "min", "max", "std", "var", "nunique"] as const;

interface Row {
  readonly k: string | null;
  readonly j: number | null;
  readonly v: number | null;
}

const row: fc.Arbitrary<Row> = fc.record({
  k: fc.option(fc.constantFrom("a", "b", "a-b", "b-a", "", "\u{1F600}", "\uFFFD"), { nil: null }),
  j: fc.option(fc.integer({ min: -2, max: 2 }), { nil: null }),
  v: fc.option(fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.double({ min: -1e9, max: 1e9, noNaN: true })), {
    nil: null,
  }),
});

describe("merging partials", () => {
  test("any way to cut the rows into chunks gives what a plain computation of the whole gives", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 60 }),
        fc.array(fc.nat(60), { maxLength: 5 }),
        async (rows, cuts) => {
          const merged = await mergeCut(rows, cuts);
          expect(merged.columns).toEqual(["k", "j", ...FUNCTIONS.map((fn) => `v_${fn}`)]);
          const wanted = plain(rows);
          const got = merged.values as unknown[][];
          expect(got.map((one) => one.slice(0, 2))).toEqual(wanted.map((one) => one.slice(0, 2)));
          for (const [i, one] of wanted.entries()) for (const [j, value] of one.entries()) close(got[i]?.[j], value);
        },
      ),
      { seed: 20251124, numRuns: 200 },
    );
  });

  test("sums keep what rounding loses, whatever the cut", async () => {
    const values = [1e16, 1, -1e16, 1, 0.1, 0.2, -0.3];
    for (const cuts of [[], [1], [1, 2, 3], [1, 2, 3, 4, 5, 6]]) {
      const frame = await mergeCut(
        values.map((v) => ({ k: "a", j: 1, v })),
        cuts,
      );
      expect((frame.values as unknown[][])[0]?.[2]).toBeCloseTo(2, 12);
    }
  });

  test("integer sums beyond 2^53 are exact", async () => {
    const chunk = () =>
      partialFrom(
        [{ name: "v", type: "int64", values: BigInt64Array.from([9007199254740991n, 9007199254740991n, 3n]) }],
        [],
      );
    const merger = new PartialMerger(chunk());
    merger.add(chunk());
    merger.add(chunk());
    const frame = await merger.finish();
    expect((frame.values as unknown[][])[0]?.[0]).toBe(36028797018963970n);
  });

  test("NaN and infinities are values", async () => {
    const frame = await mergeCut(
      [
        { k: "a", j: 1, v: Number.POSITIVE_INFINITY },
        { k: "a", j: 1, v: 1 },
        { k: "b", j: 1, v: Number.NaN },
        { k: "b", j: 1, v: 1 },
      ],
      [1, 2, 3],
    );
    const [a, b] = frame.values as number[][];
    expect([a?.[2], a?.[4], a?.[6]]).toEqual([Number.POSITIVE_INFINITY, 2, Number.POSITIVE_INFINITY]);
    expect([b?.[2], b?.[4], b?.[6]]).toEqual([Number.NaN, 2, Number.NaN]);
  });

  test("moments are keys to the microsecond, nested values by their content", async () => {
    const spread = async (key: ColumnInput) => {
      const chunk = frameFromColumns([key, column([1, 2, 3, 5])])
        .groupby(["k"])
        .agg({ v: "var" });
      const merger = new PartialMerger(partialOf(chunk) as Partial);
      for (let i = 0; i < 2; i++) merger.add(partialOf(chunk) as Partial);
      return merger.finish();
    };
    const micros = BigInt64Array.from([1n, 2n, -1n, -1n]);
    for (const validity of [undefined, Uint8Array.of(0b1101)]) {
      const moments = await spread({ name: "k", type: "datetime64[us]", values: micros, validity });
      expect(moments.column("v_var").values).toEqual([4 / 3, 0, 0]);
      expect(arrowOf(moments).getChild("k")?.toArray()).toEqual(BigInt64Array.from([-1n, 1n, validity ? 0n : 2n]));
    }
    const nested = await spread({ name: "k", type: "list", values: [[1, null], [1, null], [2], [2]] });
    expect(nested.values).toEqual([
      [[1, null], 1 / 3],
      [[2], 4 / 3],
    ]);
  });

  test("whole numbers in one chunk and fractions in another are doubles", async () => {
    const chunk = (type: string, value: number) =>
      partialOf(
        frameFromColumns([
          { name: "k", type, values: [value] },
          { name: "v", type, values: [value] },
        ])
          .groupby(["k"])
          .agg({ v: ["sum", "max"] }),
      ) as Partial;
    const [whole, half] = [chunk("int64", 1), chunk("float64", 1.5)];
    for (const [first, second] of [
      [whole, half],
      [half, whole],
    ] as const) {
      const merger = new PartialMerger(first);
      merger.add(first);
      const resumed = new PartialMerger(merger.save());
      resumed.add(merger.save());
      resumed.add(second);
      const frame = await resumed.finish();
      expect(frame.values).toEqual([
        [1, 1, 1],
        [1.5, 1.5, 1.5],
      ]);
      expect(arrowOf(frame).schema.fields.map(({ type }) => `${type}`)).toEqual(["Float64", "Float64", "Float64"]);
    }
  });

  test("chunks that aggregate different things are refused", () => {
    const [sum, other] = [partialFrom([column([1])], [["v", "sum"]]), partialFrom([column([1])], [["v", "max"]])];
    const merger = new PartialMerger(sum);
    expect(() => merger.add(other)).toThrow(/different aggregates/);
  });
});

describe("key index", () => {
  const anyKey = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(2 ** 22 - 1, 2 ** 22, 2 ** 40, -(2 ** 40), 0.5, -0, 1e300, Number.NaN, Number.POSITIVE_INFINITY),
    fc.constantFrom("", "a", "b", "\u{1F600}"),
    fc.constantFrom(null, true, false, 7n, 2n ** 60n),
    fc.constantFrom(0, 86_400_000).map((ms) => new Date(ms)),
  );

  test("any keys in any chunks get the number of their first appearance, whatever they look like", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(anyKey, anyKey, anyKey), { maxLength: 30 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 3 }),
        (chunks, width) => {
          const names = ["a", "b", "c"].slice(0, width);
          const keysOf = (rows: readonly unknown[][]) =>
            names.map((name, i) => ({ name, type: "object", values: rows.map((row) => row[i]) }));
          const index = new KeyIndex(keysOf([]));
          const known = new Map<string, number>();
          const tuples: unknown[][] = [];
          for (const rows of chunks) {
            const wanted = rows.map((row) => {
              const tuple = row.slice(0, width).map(plainKey);
              const text = inspect(tuple);
              if (!known.has(text)) tuples.push(tuple);
              if (!known.has(text)) known.set(text, known.size);
              return known.get(text);
            });
            expect([...index.add(keysOf(rows), rows.length)]).toEqual(wanted);
            expect(index.groups).toBe(known.size);
          }
          for (const [i] of names.entries())
            expect(Array.from(index.values(i), plainKey)).toEqual(tuples.map((tuple) => tuple[i]));
        },
      ),
      { seed: 20251126, numRuns: 300 },
    );
  });

  test("many numbers, near and far, keep theirs", () => {
    const index = new KeyIndex([{ name: "k", type: "int64", values: [] }]);
    const values = Float64Array.from({ length: 50_000 }, (_, i) => (i % 2 === 0 ? i : i * 1e9 + 0.25));
    const key = { name: "k", type: "float64", values };
    const ids = [...index.add([key], values.length)];
    expect(ids).toEqual(ids.map((_, i) => i));
    expect([...index.add([key], values.length)]).toEqual(ids);
  });

  test("a dictionary that grows or is another one changes nothing", () => {
    const words = ["x", "y"];
    const coded = (codes: number[], dictionary: readonly unknown[]) => {
      const values = codes.map((code) => (code < 0 ? null : dictionary[code]));
      return { name: "k", type: "str", values, coded: { codes: Int32Array.from(codes), dictionary } };
    };
    const index = new KeyIndex([coded([], words)]);
    expect([...index.add([coded([1, 0, -1], words)], 3)]).toEqual([0, 1, 2]);
    words.push("z", "w");
    expect([...index.add([coded([3, 2, 1, 0], words)], 4)]).toEqual([3, 4, 0, 1]);
    expect([...index.add([coded([0, 1, 2], ["z", null, "y"])], 3)]).toEqual([4, 2, 0]);
    expect([...Array.from(index.values(0))]).toEqual(["y", "x", null, "w", "z"]);
  });
});

test("aggregates of columns with nulls in different rows keep counts of their own", async () => {
  const chunk = (a: (number | null)[], b: (number | null)[]) =>
    partialOf(
      frameFromColumns([
        { name: "k", type: "str", values: a.map(() => "x") },
        { name: "a", type: "float64", values: a },
        { name: "b", type: "float64", values: b },
      ])
        .groupby(["k"])
        .agg({ a: ["count", "mean", "var"], b: ["var", "count", "sum"] }),
    ) as Partial;
  const chunks = [chunk([1, 2, 3], [4, 4, 4]), chunk([null, 5], [6, null]), chunk([null, null], [null, 7])];
  const merger = new PartialMerger(chunks[0] as Partial);
  for (const one of chunks) merger.add(one);
  const [row] = (await merger.finish()).values as unknown[][];
  expect(row?.slice(1, 3)).toEqual([4, 2.75]);
  expect(row?.[3]).toBeCloseTo(2.9166666666, 9);
  expect(row?.[4]).toBeCloseTo(2, 9);
  expect(row?.slice(5)).toEqual([5, 25]);
});

describe("rows that nearly all have a key of their own", () => {
  const ROWS = 5000;
  const keysOf: Record<"int64" | "str", (i: number) => number | string | null> = {
    int64: (i: number) => (i % 997 === 0 ? null : (i * 7919) % 1_000_003),
    str: (i: number) => (i % 997 === 0 ? null : `key ${(i * 7919) % 100_003}`),
  };

  /** The last chunk has the keys of the first, few enough to be grouped at once. */
  function chunksOf(type: "int64" | "str") {
    return [0, 1, 2, 0].map((number, chunk) => {
      const rows = Array.from({ length: chunk === 3 ? 900 : ROWS }, (_, i) => number * 4000 + i);
      // Some have the key of the row before them.
      const key = rows.map((i) => keysOf[type](i % 40 === 1 ? i - 1 : i));
      const dictionary = [...new Set(key)].filter((word) => word !== null);
      const places = new Map<unknown, number>(dictionary.map((word, place) => [word, place]));
      const validity = new Uint8Array((rows.length + 7) >> 3);
      for (const [i, word] of key.entries()) if (word !== null) (validity[i >> 3] as number) |= 1 << (i & 7);
      const v = rows.map((i) => (i % 11 === 0 ? null : i % 13 === 0 ? Number.NaN : i / 8));
      const coded = Int32Array.from(key, (word) => places.get(word) ?? 0);
      return {
        rows: rows.map((_, i) => ({ key: key[i] as number | string | null, v: v[i] as number | null })),
        frame: frameFromColumns([
          type === "int64"
            ? { name: "k", type, values: key }
            : { name: "k", type, values: coded, validity, dictionary },
          { name: "v", type: "float64", values: v },
          { name: "w", type: "int32", values: Int32Array.from(rows) },
        ]),
      };
    });
  }

  test("keep a null beside a word of the last code that its bytes have", async () => {
    const dictionary = Array.from({ length: 256 }, (_, i) => `w${i}`);
    const ids = Int32Array.from({ length: ROWS }, (_, i) => i);
    const frame = frameFromColumns([
      { name: "k", type: "int32", values: ids },
      { name: "w", type: "str", values: Uint8Array.from(ids, () => 7), validity: new Uint8Array(ROWS / 8), dictionary },
    ]);
    const partial = partialOf(frame.groupby(["w", "k"]).agg({ k: "count" })) as Partial;
    expect(partial.ungrouped).toBeDefined();
    const merger = new PartialMerger(partial);
    merger.add(partial);
    const words = (await merger.finish()).column("w").values as unknown[];
    expect(new Set(words)).toEqual(new Set([null]));
  });

  test.each(["int64", "str"] as const)("merge as their groups do, keys of %s", async (type) => {
    const chunks = chunksOf(type);
    const aggregated = chunks.map(({ frame }) =>
      frame.groupby(["k"]).agg({ v: ["sum", "count", "mean", "var"], w: ["sum"] }),
    );
    const partials = aggregated.map((frame) => partialOf(frame) as Partial);
    expect(partials.map(({ ungrouped }) => ungrouped !== undefined)).toEqual([true, true, true, false]);
    const [lazily, grouped] = [
      partials,
      partials.map(({ keys, groups, aggregates }) => ({ keys, groups, aggregates })),
    ].map((list) => {
      const merger = new PartialMerger(list[0] as Partial);
      for (const one of list) merger.add(one);
      return merger;
    });
    const [one, other] = [await lazily?.finish(), await grouped?.finish()];
    expect(near(one as DataFrame)).toEqual(near(other as DataFrame));
    const sums = new Map<unknown, number>();
    for (const { key } of chunks.flatMap(({ rows }) => rows)) sums.set(key, (sums.get(key) ?? 0) + 1);
    expect(one?.shape[0]).toBe(sums.size);
    expect(one?.column("k").values.at(-1)).toBeNull();
    // The frame of a chunk can be read all the same, after it was merged.
    const own = new Set(chunks[0]?.rows.map(({ key }) => key));
    expect(aggregated[0]?.shape).toEqual([own.size, 6]);
    expect(((aggregated[0] as DataFrame).values as unknown[][]).map(([key]) => key)).toEqual(
      [...own].sort(compareValues),
    );
  });

  test("an edited frame of them is none to merge, and keeps its edit", () => {
    const frame = chunksOf("int64")[0]?.frame as DataFrame;
    const totals = frame.groupby(["k"]).agg({ w: ["sum"] });
    totals.addColumn(
      "twice",
      totals.column("w_sum").values.map((value) => 2 * (value as number)),
      { inplace: true },
    );
    expect(isEdited(totals)).toBe(true);
    expect(totals.shape[1]).toBe(3);
    expect((totals.values as number[][])[7]?.[2]).toBe(2 * ((totals.values as number[][])[7]?.[1] as number));
  });
});

describe("order", () => {
  test("is total, as the engine has it", () => {
    const keys = [null, Number.NaN, 3, -1, 0];
    expect([...keys].sort(compareValues)).toEqual([-1, 0, 3, Number.NaN, null]);
    // Code points: the replacement character is below every astral one, in UTF-16 units it is above.
    expect(["\u{1F600}", "\uFFFD", "b", "a", null, "ab"].sort(compareValues)).toEqual([
      "a",
      "ab",
      "b",
      "\uFFFD",
      "\u{1F600}",
      null,
    ]);
  });

  test("of many keys is the order of a plain sort", async () => {
    const keys = Array.from({ length: 70_001 }, (_, i) => (i % 97 === 0 ? null : (i * 7919) % 60_000));
    const order = await sortedOrder([keys], keys.length);
    const wanted = keys.map((_, i) => i).sort((a, b) => compareValues(keys[a], keys[b]) || a - b);
    expect([...order]).toEqual(wanted);
  });
});

test("numbers sort digit by digit as they sort by comparison", async () => {
  const number = fc.oneof(
    fc.double(),
    fc.integer({ min: -5, max: 5 }),
    fc.constantFrom(null, Number.NaN, -0, 0, 5e-324, -5e-324, Number.MAX_VALUE, 2 ** 53, -(2 ** 31)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(number, number), { maxLength: 60 }), fc.nat(3), async (rows, mask) => {
      const keys = [rows.map(([a]) => a), rows.map(([, b]) => b)];
      const descending = new Set([0, 1].filter((i) => ((mask >> i) & 1) === 1));
      const compare = (a: number, b: number): number => {
        for (const [i, values] of keys.entries()) {
          const [left, right] = [values[a] as number | null, values[b] as number | null];
          const result = compareValues(left, right);
          if (result !== 0) return descending.has(i) && left !== null && right !== null ? -result : result;
        }
        return a - b;
      };
      const order = await sortedOrder(keys, rows.length, descending);
      expect([...order]).toEqual(rows.map((_, i) => i).sort(compare));
    }),
    { seed: 20251126, numRuns: 200 },
  );
});

/** Rows without what depends on the order of additions. */
function near(frame: DataFrame): unknown[][] {
  return (frame.values as unknown[][]).map((row) =>
    row.map((value) => (typeof value === "number" ? Number(value.toPrecision(10)) : value)),
  );
}

/** Keys that are equal look alike: -0 is 0, a bigint that a number holds is that number. */
function plainKey(key: unknown): unknown {
  if (key === 0) return 0;
  return typeof key === "bigint" && Number.isSafeInteger(Number(key)) ? Number(key) : key;
}

async function mergeCut(rows: readonly Row[], cuts: readonly number[]): Promise<DataFrame> {
  const places = [...new Set([0, ...cuts.filter((cut) => cut < rows.length), rows.length])].sort((a, b) => a - b);
  const chunks = places.slice(1).map((to, i) => rows.slice(places[i], to));
  const partials = chunks.map((chunk) => partialOf(aggregateChunk(chunk)) as Partial);
  const merger = new PartialMerger(partials[0] as Partial);
  for (const partial of partials) merger.add(partial);
  return merger.finish();
}

function aggregateChunk(rows: readonly Row[]): DataFrame {
  const frame = frameFromColumns([
    { name: "k", type: "str", values: rows.map(({ k }) => k) },
    { name: "j", type: "int32", values: rows.map(({ j }) => j) },
    { name: "v", type: "float64", values: rows.map(({ v }) => v) },
  ]);
  return frame.groupby(["k", "j"]).agg({ v: [...FUNCTIONS] });
}

function column(values: readonly number[]) {
  return { name: "v", type: "float64", values };
}

/** A partial over one group of one key. */
function partialFrom(
  columns: readonly { name: string; type: string; values: BigInt64Array | readonly number[] }[],
  fns: readonly [string, string][],
): Partial {
  const length = columns[0]?.values.length ?? 0;
  const frame = frameFromColumns([{ name: "k", type: "int32", values: new Int32Array(length) }, ...columns]);
  const operations = fns.length === 0 ? { v: "sum" } : Object.fromEntries(fns);
  const partial = partialOf(frame.groupby(["k"]).agg(operations)) as Partial;
  return { ...partial, keys: [] };
}

/** The same in plain JavaScript over all rows. */
function plain(rows: readonly Row[]): unknown[][] {
  const groups = new Map<string, Row[]>();
  for (const one of rows) {
    const key = JSON.stringify([one.k, one.j]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const sorted = [...groups.values()].sort(([a], [b]) => compareValues(a?.k, b?.k) || compareValues(a?.j, b?.j));
  return sorted.map((members) => {
    const values = members.flatMap(({ v }) => (v === null ? [] : [v]));
    const n = values.length;
    const sum = values.reduce((total, value) => total + value, 0);
    const deviations = values.map((value) => (value - sum / n) ** 2).reduce((total, value) => total + value, 0);
    const variance = n < 2 ? null : deviations / (n - 1);
    const [first] = members as [Row];
    return [
      first.k,
      first.j,
      n === 0 ? null : sum,
      n === 0 ? null : sum / n,
      n,
      n === 0 ? null : Math.min(...values),
      n === 0 ? null : Math.max(...values),
      variance === null ? null : Math.sqrt(variance),
      variance,
      new Set(values).size,
    ];
  });
}

function close(got: unknown, wanted: unknown): void {
  if (typeof wanted !== "number") return expect(got).toBe(wanted);
  expect(Math.abs((got as number) - wanted)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(wanted)));
}
