import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileKernel, Kernel } from "../../../../src/scan/kernel.ts";
import { bigints, put, room, uints } from "./memory-of.ts";

const module = await compileKernel("checked");
const ROWS_AT = 8;
const RECORD = 16;

interface Row {
  readonly key: bigint | null;
  readonly passes: boolean;
}

/** Rows per key by the kernel, block after block through one table, null and rejected rows included. */
function countByKeys(blocks: readonly (readonly Row[])[], kernel = new Kernel(module)): Map<bigint | null, bigint> {
  const { calls } = kernel;
  const table = calls.tableNew(RECORD, 0, 0);
  for (const block of blocks) {
    const keys = put(
      kernel,
      BigInt64Array.from(block, ({ key }) => key ?? 0n),
    );
    const hasNulls = block.some(({ key }) => key === null);
    const valid = hasNulls
      ? put(
          kernel,
          Uint8Array.from(block, ({ key }) => (key === null ? 0 : 1)),
        )
      : 0;
    const isFiltered = block.some(({ passes }) => !passes);
    const mask = isFiltered
      ? put(
          kernel,
          Uint8Array.from(block, ({ passes }) => (passes ? 1 : 0)),
        )
      : 0;
    const recs = room(kernel, block.length * 4);
    expect(calls.groupByKeys(table, keys, valid, mask, block.length, recs)).toBe(0);
    calls.addRows(recs, block.length, ROWS_AT);
  }
  const counts = countsIn(kernel, table);
  calls.tableFree(table);
  expect(calls.brokenGuard()).toBe(0);
  return counts;
}

function countsIn(kernel: Kernel, table: number): Map<bigint | null, bigint> {
  const { calls } = kernel;
  const size = calls.tableSize(table);
  const out = room(kernel, size * 16);
  calls.tableField(table, 0, 8, out);
  calls.tableField(table, ROWS_AT, 8, out + size * 8);
  const keys: (bigint | null)[] = bigints(kernel, out, size);
  const missing = calls.tableNull(table);
  if (missing >= 0) keys[missing] = null;
  const counts = bigints(kernel, out + size * 8, size);
  return new Map(keys.map((key, i) => [key, counts[i] as bigint]));
}

function countByMap(rows: readonly Row[]): Map<bigint | null, bigint> {
  const counts = new Map<bigint | null, bigint>();
  for (const { key, passes } of rows) if (passes) counts.set(key, (counts.get(key) ?? 0n) + 1n);
  return counts;
}

const anyInt = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const someKey = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt({ min: -40n, max: 40n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: 100_000n, max: 140_000n }) },
  { weight: 1, arbitrary: anyInt },
  { weight: 1, arbitrary: fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 2n ** 63n - 1000n, 1000n - 2n ** 63n) },
);
const someRow = fc.record({
  key: fc.option(someKey, { nil: null, freq: 9 }),
  passes: fc.boolean(),
});

describe("groupByKeys", () => {
  test("counts what a Map counts, for close and scattered keys, nulls and filters", () => {
    const allRows = fc.array(fc.array(someRow, { maxLength: 60 }), { maxLength: 8 });
    const plainRows = fc.array(fc.array(fc.record({ key: someKey, passes: fc.constant(true) }), { maxLength: 60 }));
    fc.assert(
      fc.property(fc.oneof(allRows, plainRows), (blocks) => {
        expect(countByKeys(blocks)).toEqual(countByMap(blocks.flat()));
      }),
      { numRuns: 150, seed: 5 },
    );
  });

  test("keys at both ends of a range that grows up and down stay direct and right", () => {
    const rows = Array.from({ length: 3000 }, (_, i) => ({
      key: BigInt(i % 2 === 0 ? i * 900 : -i * 450),
      passes: true,
    }));
    const blocks = Array.from({ length: 30 }, (_, i) => rows.slice(i * 100, i * 100 + 100));
    expect(countByKeys([...blocks, ...blocks])).toEqual(countByMap([...rows, ...rows]));
  });

  test("keys beside the ends of 64 bits", () => {
    const ends = [2n ** 63n - 1n, 2n ** 63n - 3n, 2n ** 63n - 2000n];
    for (const keys of [ends, ends.map((key) => -key), [...ends].reverse(), ends.map((key) => -key - 1n).reverse()]) {
      const rows = keys.map((key) => ({ key, passes: true }));
      expect(countByKeys(rows.map((row) => [row]))).toEqual(countByMap(rows));
    }
  });

  test("twenty thousand groups, close and scattered", () => {
    for (const factor of [1n, 0x9e37_79b9_7f4a_7c15n]) {
      const rows = Array.from({ length: 50_000 }, (_, i) => ({
        key: BigInt.asIntN(64, BigInt((i * 7919) % 20_011) * factor),
        passes: true,
      }));
      expect(countByKeys([rows.slice(0, 30_000), rows.slice(30_000)])).toEqual(countByMap(rows));
    }
  });

  test("says when there is no memory, and its groups so far stay", () => {
    const kernel = new Kernel(module);
    const { calls } = kernel;
    const keys = put(
      kernel,
      BigInt64Array.from({ length: 60_000 }, (_, i) => BigInt(i) * 7_919_000_000n),
    );
    const recs = room(kernel, 60_000 * 4);
    const table = calls.tableNew(RECORD, 0, 0);
    calls.setLimit(calls.usedBytes() + 300_000);
    expect(calls.groupByKeys(table, keys, 0, 0, 60_000, recs)).toBe(-1);
    const size = calls.tableSize(table);
    expect(size).toBeGreaterThan(1000);
    calls.tableFree(table);
    expect(calls.brokenGuard()).toBe(0);
  });
});

describe("groupAll", () => {
  test("is one group, over no rows too, and without the rejected rows", () => {
    const kernel = new Kernel(module);
    const { calls } = kernel;
    const table = calls.tableNew(RECORD, 0, 0);
    const recs = room(kernel, 12);
    expect(calls.groupAll(table, 0, 0, recs)).toBe(0);
    expect(countsIn(kernel, table)).toEqual(new Map([[0n, 0n]]));
    calls.groupAll(table, put(kernel, Uint8Array.of(1, 0, 1)), 3, recs);
    calls.addRows(recs, 3, ROWS_AT);
    calls.groupAll(table, 0, 3, recs);
    calls.addRows(recs, 3, ROWS_AT);
    expect(countsIn(kernel, table)).toEqual(new Map([[0n, 5n]]));
  });
});

describe("groupByCodes", () => {
  test("counts codes, nulls and rejected rows in any order", () => {
    const someCode = fc.record({
      key: fc.option(fc.oneof(fc.bigInt({ min: 0n, max: 30n }), fc.bigInt({ min: 0n, max: 9000n })), { nil: null }),
      passes: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.array(someCode, { maxLength: 50 }), { maxLength: 6 }), fc.boolean(), (some, isPlain) => {
        const blocks = isPlain ? some.map((block) => block.filter((row) => row.passes && row.key !== null)) : some;
        const kernel = new Kernel(module);
        const { calls } = kernel;
        const table = calls.tableNew(RECORD, 0, 0);
        for (const block of blocks) {
          const codes = put(
            kernel,
            Uint32Array.from(block, ({ key }) => Number(key ?? 0n)),
          );
          const valid = isPlain
            ? 0
            : put(
                kernel,
                Uint8Array.from(block, ({ key }) => (key === null ? 0 : 1)),
              );
          const mask = isPlain
            ? 0
            : put(
                kernel,
                Uint8Array.from(block, ({ passes }) => (passes ? 1 : 0)),
              );
          const recs = room(kernel, block.length * 4);
          expect(calls.groupByCodes(table, codes, valid, mask, block.length, recs)).toBe(0);
          calls.addRows(recs, block.length, ROWS_AT);
        }
        expect(countsIn(kernel, table)).toEqual(countByMap(blocks.flat()));
        expect(calls.brokenGuard()).toBe(0);
      }),
      { numRuns: 100, seed: 6 },
    );
  });

  test("a great code among few groups", () => {
    const kernel = new Kernel(module);
    const { calls } = kernel;
    const table = calls.tableNew(RECORD, 0, 0);
    const recs = room(kernel, 12);
    calls.groupByCodes(table, put(kernel, Uint32Array.of(3, 9_000_000, 3)), 0, 0, 3, recs);
    calls.addRows(recs, 3, ROWS_AT);
    expect(countsIn(kernel, table)).toEqual(
      new Map([
        [3n, 2n],
        [9_000_000n, 1n],
      ]),
    );
  });
});

describe("codes of keys", () => {
  test("count up by first row, null has its own, and pairs fold two columns", () => {
    const kernel = new Kernel(module);
    const { calls } = kernel;
    const keys = calls.keysNew();
    const values = put(kernel, BigInt64Array.of(7n, -1n, 0n, 7n, 0n));
    const valid = put(kernel, Uint8Array.of(1, 1, 0, 1, 1));
    const codes = room(kernel, 20);
    expect(calls.codesOfKeys(keys, values, valid, 0, 5, codes)).toBe(0);
    expect(calls.tableSize(keys)).toBe(4);
    const [first, second, missing, again, zero] = uints(kernel, codes, 5);
    expect(again).toBe(first);
    expect(missing).toBe(calls.tableNull(keys));
    expect([first, second, missing, zero].sort()).toEqual([0, 1, 2, 3]);

    const others = put(kernel, Uint32Array.of(1, 1, 1, 2, 1));
    const pairs = calls.keysNew();
    const words = room(kernel, 40);
    const out = room(kernel, 20);
    calls.pairKeys(codes, others, 5, words);
    expect(calls.codesOfKeys(pairs, words, 0, 0, 5, out)).toBe(0);
    expect(uints(kernel, out, 5)).toEqual([0, 1, 2, 3, 4]);
    expect(bigints(kernel, words, 5)).toEqual(
      [first, second, missing, again, zero].map((code, i) => (BigInt(code as number) << 32n) | (i === 3 ? 2n : 1n)),
    );
    calls.tableField(pairs, 0, 8, words);
    expect(bigints(kernel, words, 1)).toEqual([(BigInt(first as number) << 32n) | 1n]);
  });

  test("of a nullable column count from 1, null is 0", () => {
    const kernel = new Kernel(module);
    const out = room(kernel, 12);
    const codes = put(kernel, Uint32Array.of(0, 0, 5));
    kernel.calls.codesWithNull(codes, put(kernel, Uint8Array.of(1, 0, 1)), 3, out);
    expect(uints(kernel, out, 3)).toEqual([1, 0, 6]);
    kernel.calls.codesWithNull(codes, 0, 3, out);
    expect(uints(kernel, out, 3)).toEqual([1, 1, 6]);
  });
});
