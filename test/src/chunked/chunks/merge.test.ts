import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PartialMerger } from "../../../../src/chunked/chunks/merge.ts";
import { compareKeys, sortedOrder } from "../../../../src/chunked/order.ts";
import { type DataFrame, frameFromColumns } from "../../../../src/frame/frame.ts";
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

  test("chunks that aggregate different things are refused", () => {
    const [sum, other] = [partialFrom([column([1])], [["v", "sum"]]), partialFrom([column([1])], [["v", "max"]])];
    const merger = new PartialMerger(sum);
    expect(() => merger.add(other)).toThrow(/different aggregates/);
  });
});

describe("order", () => {
  test("is total, as the engine has it", () => {
    const keys = [null, Number.NaN, 3, -1, 0];
    expect([...keys].sort(compareKeys)).toEqual([-1, 0, 3, Number.NaN, null]);
    // Code points: the replacement character is below every astral one, in UTF-16 units it is above.
    expect(["\u{1F600}", "\uFFFD", "b", "a", null, "ab"].sort(compareKeys)).toEqual([
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
    const wanted = keys.map((_, i) => i).sort((a, b) => compareKeys(keys[a], keys[b]) || a - b);
    expect([...order]).toEqual(wanted);
  });
});

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
  const sorted = [...groups.values()].sort(([a], [b]) => compareKeys(a?.k, b?.k) || compareKeys(a?.j, b?.j));
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
