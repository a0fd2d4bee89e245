import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Kernel } from "../../../src/scan/kernel.ts";
import type { Histogram, ValueFigures } from "../../../src/scan/statistics/column-figures.ts";
import { NumberStatistics } from "../../../src/scan/statistics/number-statistics.ts";
import type { Kind } from "../../../src/scan/table.ts";
import { newKernel } from "./field-table.ts";
import { histogramOf, momentsOf, narrowingOf, orderOf, rangeOf, topOf } from "./statistics-reference.ts";

const MAX_ROWS = 4096;
const PLACES = 2 ** 20;
const INT: Kind = { kind: "int" };
const DOUBLE: Kind = { kind: "double" };
let kernel: Kernel;

beforeAll(async () => {
  kernel = await newKernel();
});

afterAll(() => {
  expect(kernel.calls.brokenGuard()).toBe(0);
});

type Word = bigint | number;

/** Adds the values of one stretch of rows in blocks of a size. */
function add(statistics: NumberStatistics, words: readonly Word[], firstRow = 0, block = MAX_ROWS): void {
  const at = kernel.calls.alloc(block * 8) >>> 0;
  for (let from = 0; from < words.length; from += block) {
    const some = words.slice(from, from + block);
    const view = new DataView(kernel.bytes.buffer, at);
    for (const [i, word] of some.entries())
      if (typeof word === "bigint") view.setBigInt64(i * 8, word, true);
      else view.setFloat64(i * 8, word, true);
    statistics.add(at, some.length, firstRow + from, some.length);
  }
  kernel.calls.free(at);
}

function figuresOf(kind: Kind, words: readonly Word[], block?: number, places = PLACES): ValueFigures {
  const statistics = new NumberStatistics(kernel, kind, MAX_ROWS, places);
  add(statistics, words, 0, block);
  const figures = statistics.figures();
  statistics.free();
  return figures;
}

/** The same in parts that are merged in an order of their own; each part has every n-th of some stretches. */
function figuresOfParts(
  kind: Kind,
  words: readonly Word[],
  parts: number,
  stretch: number,
  places = PLACES,
): ValueFigures {
  const all = Array.from({ length: parts }, () => new NumberStatistics(kernel, kind, MAX_ROWS, places));
  for (let from = 0, i = 0; from < words.length; from += stretch, i++)
    add(all[i % parts] as NumberStatistics, words.slice(from, from + stretch), from, 37);
  const [first, ...others] = all.toReversed() as [NumberStatistics, ...NumberStatistics[]];
  for (const other of others) first.merge(structuredClone(other.part()));
  const figures = first.figures();
  for (const one of all) one.free();
  return figures;
}

function expectClose(found: ValueFigures, wanted: ValueFigures): void {
  const { mean, std, ...rest } = found;
  const { mean: wantedMean, std: wantedStd, ...wantedRest } = wanted;
  expect(rest).toEqual(wantedRest);
  const near = (a: number | undefined, b: number | undefined, size: number) =>
    a === undefined || b === undefined ? expect(a).toBe(b) : expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-12 * size);
  near(mean, wantedMean, Math.max(Math.abs(Number(found.max)), Math.abs(Number(found.min))));
  near(std, wantedStd, Math.max(Math.abs(Number(found.max)), Math.abs(Number(found.min))));
}

const compareInts = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);
const compareDoubles = (a: number, b: number) =>
  Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a - b || 0;

describe("whole numbers", () => {
  it("of the edges of 64 bits are exact", () => {
    const words = [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, 0n, 2n ** 63n - 1n];
    const { min, max, mean, distinct, distinctExact, top, order } = figuresOf(INT, words);
    expect({ min, max, distinct, distinctExact, order }).toEqual({
      min: -(2n ** 63n),
      max: 2n ** 63n - 1n,
      distinct: 4,
      distinctExact: true,
      order: "none",
    });
    expect(mean).toBe(Number((2n ** 63n - 2n + 2n ** 53n + 1n) / 5n));
    expect(top[0]).toEqual({ value: 2n ** 63n - 1n, count: 2 });
  });

  it("of no rows have no figures", () => {
    expect(figuresOf(INT, [])).toEqual({
      distinct: 0,
      distinctExact: true,
      min: null,
      max: null,
      top: [],
      topError: 0,
      histogram: undefined,
      order: undefined,
      numbers: undefined,
    });
  });

  it("are as a plain walk says, however they are cut into blocks", () => {
    const small = fc.array(fc.bigInt({ min: -50n, max: 50n }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(small, fc.integer({ min: 1, max: 64 }), (words, block) => {
        const numbers = words.map(Number);
        expectClose(figuresOf(INT, words, block), {
          distinct: new Set(words).size,
          distinctExact: true,
          ...rangeOf(numbers, compareDoubles),
          ...momentsOf(numbers),
          top: topOf(numbers, compareDoubles),
          topError: 0,
          histogram: histogramOf(numbers),
          order: orderOf(words, compareInts),
          numbers: undefined,
        });
      }),
      { numRuns: 60 },
    );
  });
});

describe("doubles", () => {
  it("are as a plain walk says, NaN and infinities included", () => {
    const value = fc.oneof(
      fc.double(),
      fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, 0.1, 2.5, 16777217, 1e300),
      fc.integer({ min: -99_999, max: 99_999 }).map((cents) => cents / 100),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), (words) => {
        const finite = words.filter(Number.isFinite);
        const { mean, std, histogram, ...rest } = figuresOf(DOUBLE, words, 16);
        expect(rest).toEqual({
          distinct: new Set(words).size,
          distinctExact: true,
          ...rangeOf(
            finite.map((one) => one + 0),
            compareDoubles,
          ),
          top: rest.top,
          topError: 0,
          order: orderOf(words, compareDoubles),
          numbers: narrowingOf(words),
        });
        expect(rest.top.map(({ count }) => count)).toEqual(topOf(words, compareDoubles).map(({ count }) => count));
        expect(histogram?.counts.reduce((sum, count) => sum + count, 0) ?? 0).toBe(finite.length);
        if (finite.length === 0) expect([mean, std]).toEqual([undefined, undefined]);
      }),
      { numRuns: 100 },
    );
  });
});

describe("decimals", () => {
  it("come out at their scale, and are tried in float32 as doubles are", () => {
    const kind: Kind = { kind: "decimal", scale: 2 };
    const cents = fc.array(fc.bigInt({ min: -99_999_999n, max: 99_999_999n }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(cents, (words) => {
        const numbers = words.map((word) => Number(word) / 100);
        const { min, max, numbers: narrowing, top } = figuresOf(kind, words);
        expect({ min, max }).toEqual(rangeOf(numbers, compareDoubles));
        expect(narrowing).toEqual(narrowingOf(numbers));
        expect(top).toEqual(topOf(numbers, compareDoubles));
      }),
      { numRuns: 60 },
    );
  });
});

describe("parts", () => {
  it.each([INT, DOUBLE])("of few different %o values merge to the same figures in any order", (kind) => {
    const word = kind.kind === "int" ? fc.bigInt({ min: -9n, max: 9n }) : fc.constantFrom(0.5, -0, 0, Number.NaN, 7);
    const sizes = fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(fc.array<Word>(word, { maxLength: 150 }), sizes, (words, [parts, stretch]) => {
        expectClose(figuresOfParts(kind, words, parts, stretch), figuresOf(kind, words));
      }),
      { numRuns: 60 },
    );
  });
});

describe("whole numbers that lie close together", () => {
  const [LEAST, GREATEST] = [-(2n ** 63n), 2n ** 63n - 1n];
  const FEW_PLACES = 256;
  const row = fc.record({
    base: fc.constantFrom(LEAST, -50n, 0n, 2n ** 53n, GREATEST),
    unit: fc.constantFrom(1n, 3n, 60_000_000n, 2n ** 40n),
    steps: fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 40, maxLength: 300 }),
    odd: fc.array(fc.constantFrom(LEAST, -1n, 0n, 7n, GREATEST), { maxLength: 2 }),
    at: fc.integer({ min: 0, max: 300 }),
  });

  it("are as a plain walk says, in a table, beyond it and out of it again, in parts of any kind", () => {
    fc.assert(
      fc.property(row, fc.integer({ min: 1, max: 90 }), ({ base, unit, steps, odd, at }, stretch) => {
        const words = steps.map((step) => (base > 0n ? base - BigInt(step) * unit : base + BigInt(step) * unit));
        words.splice(at, 0, ...odd);
        const { min, max } = rangeOf(words, compareInts);
        const shown = (word: bigint | null) => (Number.isSafeInteger(Number(word)) ? Number(word) : word);
        const wanted = {
          distinct: new Set(words).size,
          distinctExact: true,
          min: shown(min),
          max: shown(max),
          top: topOf(words, compareInts).map(({ value, count }) => ({ value: shown(value as bigint), count })),
          topError: 0,
          order: orderOf(words, compareInts),
        };
        const whole = figuresOf(INT, words, stretch, FEW_PLACES);
        const parts = figuresOfParts(INT, words, 3, stretch, FEW_PLACES);
        for (const found of [whole, parts]) {
          expect(found).toMatchObject(wanted);
          const mean = Number(words.reduce((all, word) => all + word, 0n)) / words.length;
          const size = words.reduce((most, word) => Math.max(most, Math.abs(Number(word))), 0);
          expect(Math.abs((found.mean as number) - mean)).toBeLessThanOrEqual(1e-12 * size);
          expect(found.histogram?.counts.reduce((all, count) => all + count, 0)).toBe(words.length);
        }
        expect(parts.histogram).toEqual(whole.histogram);
      }),
      { numRuns: 150 },
    );
  });

  const places = 2 ** 17;
  const rows = Array.from({ length: places }, (_, i) => BigInt((i * 7919) % places) * 3n - 90_000n);

  it.each([1, 3])("are counted exactly though they are many, up to the last place (%i parts)", (parts) => {
    const figures = (words: readonly bigint[]) =>
      parts === 1 ? figuresOf(INT, words, undefined, places) : figuresOfParts(INT, words, parts, 9000, places);
    const { mean, std, ...exact } = figures(rows);
    expect(exact).toMatchObject({ distinct: places, distinctExact: true, min: -90_000, max: 303_213, topError: 0 });
    expect(mean).toBe(106_606.5);
    expect(std).toBeCloseTo(momentsOf(rows.map(Number)).std as number, 7);
    const { edges, counts } = exact.histogram as Histogram;
    expect(counts).toEqual(histogramOf(rows.map(Number)).counts);
    expect(edges[20]).toBe(303_213);
    // One place too few, or one value that is no multiple of 3 away from the others.
    for (const odd of [303_216n, 1n]) {
      const found = figures([...rows, odd]);
      const max = Math.max(303_213, Number(odd));
      expect(found).toMatchObject({ distinctExact: false, min: -90_000, max, order: "none" });
      expect(Math.abs(found.distinct / places - 1)).toBeLessThan(0.03);
      expect(found.histogram?.counts.reduce((all, count) => all + count, 0)).toBe(places + 1);
    }
  });

  it("show those that come most often, and fall into bins, wherever in the table they stand", () => {
    const size = 2 ** 15;
    const often = [3n, 8191n, 8192n, 20_000n, 32_767n].flatMap((word, i) =>
      new Array<bigint>(300 - (i % 2)).fill(word),
    );
    const rows = Array.from({ length: size }, (_, i) => BigInt((i * 7919) % size)).filter((word) => word % 5n !== 4n);
    const words = [...rows, ...often];
    const { top, histogram } = figuresOf(INT, words);
    expect(top).toEqual(topOf(words.map(Number), compareDoubles));
    expect(histogram?.counts).toEqual(histogramOf(words.map(Number)).counts);
  });

  // 33: more often than 32 bits count; 42: more often than a place counts.
  it.each([33, 42])("may come 2^%i times", (doublings) => {
    const words = Array.from({ length: 40 }, (_, i) => BigInt(i));
    const statistics = new NumberStatistics(kernel, INT, MAX_ROWS, PLACES);
    add(statistics, [...words, 5n]);
    for (let i = 0; i < doublings; i++) statistics.merge(structuredClone(statistics.part()));
    add(statistics, [5n, 5n, 6n, 100n]);
    const { top, mean, distinct, distinctExact } = statistics.figures();
    statistics.free();
    expect({ distinct, distinctExact }).toEqual({ distinct: 41, distinctExact: true });
    expect(top.slice(0, 3)).toEqual([
      { value: 5, count: 2 ** (doublings + 1) + 2 },
      { value: 6, count: 2 ** doublings + 1 },
      { value: 0, count: 2 ** doublings },
    ]);
    expect(mean).toBeCloseTo(785 / 41, 6);
  });
});

describe("more different values than are kept", () => {
  const rows = 200_000;
  // Each row another value, and every fourth row the same one.
  const words = Array.from({ length: rows }, (_, i) => (i % 4 === 0 ? 7n : BigInt(i) * 1_000_003n - 5_000_000n));

  it.each([1, 3])("are estimated, and all but the estimate stays exact (%i parts)", (parts) => {
    const found = parts === 1 ? figuresOf(INT, words) : figuresOfParts(INT, words, parts, 7000);
    const numbers = words.map(Number);
    const { std } = momentsOf(numbers);
    const mean = Number(words.reduce((sum, word) => sum + word, 0n)) / rows;
    expect(found.distinctExact).toBe(false);
    expect(Math.abs(found.distinct / 150_001 - 1)).toBeLessThan(0.03);
    const { min, max } = rangeOf(numbers, compareDoubles);
    expect([found.min, found.max, found.order]).toEqual([min, max, "none"]);
    expect(Math.abs((found.mean as number) / mean - 1)).toBeLessThan(1e-15);
    expect(Math.abs((found.std as number) / (std as number) - 1)).toBeLessThan(1e-12);
    const [first, ...others] = found.top;
    expect(first?.value).toBe(7);
    expect(first?.count).toBeLessThanOrEqual(50_000);
    expect((first?.count as number) + found.topError).toBeGreaterThanOrEqual(50_000);
    expect(others).toEqual([]);
    expectHistogram(found, histogramOf(numbers).counts);
  });

  it("have the same histogram and estimate however they are split", () => {
    const [whole, parts] = [figuresOf(INT, words), figuresOfParts(INT, words, 4, 1234)];
    expect([parts.histogram, parts.distinct]).toEqual([whole.histogram, whole.distinct]);
  });

  it("of doubles are binned as finely from the least to the greatest exponent", () => {
    const doubles = Array.from({ length: 70_000 }, (_, i) => (i === 69_999 ? 1e308 : i * 1e-300));
    const found = figuresOf(DOUBLE, doubles);
    expect([found.min, found.max]).toEqual([0, 1e308]);
    expect(found.histogram?.counts).toEqual([69_999, ...new Array(18).fill(0), 1]);
    expect(figuresOfParts(DOUBLE, doubles, 3, 5000).histogram).toEqual(found.histogram);
  });

  function expectHistogram({ histogram }: ValueFigures, wanted: readonly number[]): void {
    expect(histogram?.exact).toBe(false);
    expect(histogram?.counts.reduce((sum, count) => sum + count, 0)).toBe(rows);
    for (const [i, count] of wanted.entries())
      expect(Math.abs((histogram?.counts[i] ?? 0) - count)).toBeLessThanOrEqual(rows / 500);
  }
});
