import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { grows } from "../../../../src/scan/groups/growing.ts";
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
    while (calls.groupByKeys(table, keys, valid, mask, block.length, recs) < 0) while (grows(kernel, table, "keys"));
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
  calls.tableField(table, 0, 1, calls.tableMost(table) + 1, out);
  calls.tableField(table, ROWS_AT, 1, calls.tableMost(table) + 1, out + size * 8);
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

  test("a crowded range, whose records lie by their keys, and keys outside of it that come later", () => {
    const inside = fc.bigInt({ min: -500n, max: 499n });
    const outside = fc.oneof(fc.bigInt({ min: -900n, max: 3000n }), fc.bigInt({ min: 2n ** 30n, max: 2n ** 62n }));
    const rowOf = (key: fc.Arbitrary<bigint>) =>
      fc.record({ key: fc.option(key, { nil: null, freq: 40 }), passes: fc.nat(20).map((n) => n > 0) });
    const manyRows = fc.array(fc.array(rowOf(inside), { minLength: 300, maxLength: 600 }), {
      minLength: 3,
      maxLength: 4,
    });
    const blocks = fc.tuple(manyRows, fc.array(fc.array(fc.oneof(rowOf(inside), rowOf(outside)), { maxLength: 40 })));
    fc.assert(
      fc.property(blocks, fc.boolean(), ([many, later], isPlain) => {
        const all = [...many, ...later, ...many].map((rows) =>
          isPlain ? rows.flatMap(({ key }) => (key === null ? [] : [{ key, passes: true }])) : rows,
        );
        expect(countByKeys(all)).toEqual(countByMap(all.flat()));
      }),
      { numRuns: 60, seed: 8 },
    );
  });

  test("large tables, which grow in steps: slots, then places, then more slots, then hashes, and their doubling", () => {
    const count = 300_000;
    const inside = Array.from({ length: count }, (_, i) => BigInt((i * 7919) % count));
    const beyond = inside.map((key) => key * 3n);
    const far = inside.map((key) => key * 1_000_003n);
    const keys = [...inside, ...inside.slice(0, 5000), ...beyond, ...far, null, ...inside];
    const rows = keys.map((key, i) => ({ key, passes: i % 1000 !== 7 }));
    const blocks = Array.from({ length: Math.ceil(rows.length / 8192) }, (_, i) =>
      rows.slice(i * 8192, i * 8192 + 8192),
    );
    expect(countByKeys(blocks)).toEqual(countByMap(rows));
  });

  test("a record in a crowded range begins as the template, and moves with all that it holds", () => {
    const kernel = new Kernel(module);
    const { calls } = kernel;
    const table = calls.tableNew(RECORD + 8, put(kernel, BigInt64Array.of(0n, 0n, 77n)), 0);
    const recs = room(kernel, 4000);
    const group = (keys: number[], valid = 0) => {
      const place = put(kernel, BigInt64Array.from(keys, BigInt));
      expect(calls.groupByKeys(table, place, valid, 0, keys.length, recs)).toBe(0);
      calls.addRows(recs, keys.length, ROWS_AT);
      // The same loop again, with the keys as values.
      calls.addRowsAndInts(recs, place, keys.length, ROWS_AT, RECORD);
    };
    const stateOf = (key: number) => {
      const size = calls.tableSize(table);
      expect(calls.tableMost(table)).toBeGreaterThanOrEqual(size);
      const words = [0, ROWS_AT, RECORD].map((at) => {
        const out = room(kernel, size * 8);
        calls.tableField(table, at, 1, calls.tableMost(table) + 1, out);
        return bigints(kernel, out, size);
      });
      const group = words[0]?.findIndex((one, i) => one === BigInt(key) && i !== calls.tableNull(table)) as number;
      return [words[1]?.[group], words[2]?.[group]];
    };
    const some = Array.from({ length: 600 }, (_, i) => i);
    group(some);
    group([7, 7, 700], put(kernel, Uint8Array.of(1, 0, 1)));
    expect([5, 7, 700].map(stateOf)).toEqual([
      [2n, 82n],
      [4n, 91n],
      [2n, 777n],
    ]);
    expect(calls.tableSize(table)).toBe(602);
    // What is not in the range moves all of them back.
    group([7, 5000]);
    group([7, -(2 ** 40)]);
    expect([7, 700, 5000, -(2 ** 40)].map(stateOf)).toEqual([
      [8n, 105n],
      [2n, 777n],
      [2n, 5077n],
      [2n, 77n - 2n ** 40n],
    ]);
    expect(calls.tableSize(table)).toBe(604);
    calls.tableFree(table);
    expect(calls.brokenGuard()).toBe(0);
  });

  test.each(["in pages", "in places"])(
    "some records %s are those that all of them have there, and no more",
    (where) => {
      const kernel = new Kernel(module);
      const { calls } = kernel;
      const table = calls.tableNew(RECORD, 0, 0);
      const step = where === "in pages" ? 10n ** 12n : 1n;
      const keys = Array.from({ length: 1100 }, (_, i) => BigInt(i) * step).filter((_, i) => i % 5 !== 3);
      const recs = room(kernel, 4 * (keys.length + 1));
      const group = (block: bigint[], valid = 0) => {
        const place = put(kernel, BigInt64Array.from(block));
        expect(calls.groupByKeys(table, place, valid, 0, block.length, recs)).toBe(0);
        calls.addRows(recs, block.length, ROWS_AT);
      };
      group(keys);
      group([0n, keys[7] as bigint, 0n], put(kernel, Uint8Array.of(0, 1, 0)));
      const [most, size] = [calls.tableMost(table), calls.tableSize(table)];
      expect(size).toBe(keys.length + 1);
      // Not every place is taken.
      if (where === "in places") expect(most).toBeGreaterThan(size);
      const counts = [...countsIn(kernel, table)].map(([key, count]) => ({ key, count }));
      const UNTOUCHED = 77n;
      for (const at of [1, 2, 255, 256, 257, 1000, most]) {
        const found: bigint[][] = [[], []];
        for (let from = 1; from <= most; from += at) {
          const to = Math.min(from + at, most + 1);
          const count = calls.tableCount(table, from, to);
          for (const [i, field] of [0, ROWS_AT].entries()) {
            const out = put(kernel, new BigInt64Array(count + 1).fill(UNTOUCHED));
            expect(calls.tableField(table, field, from, to, out)).toBe(count);
            const words = bigints(kernel, out, count + 1);
            expect(words.pop()).toBe(UNTOUCHED);
            found[i]?.push(...words);
          }
        }
        const missing = calls.tableNull(table);
        expect(found[0]?.map((key, i) => (i === missing ? null : key))).toEqual(counts.map(({ key }) => key));
        expect(found[1]).toEqual(counts.map(({ count }) => count));
      }
      expect([calls.tableCount(table, most + 1, most + 1), calls.tableField(table, 0, most + 1, most + 1, 0)]).toEqual([
        0, 0,
      ]);
      calls.tableFree(table);
      expect(calls.brokenGuard()).toBe(0);
    },
  );

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
  const TEXT_ROWS_AT = 16;
  const TEXT_RECORD = 24;

  /** Rows per text by a dictionary whose records are the groups. */
  function countTexts(kernel: Kernel, dict: number): Map<string | null, bigint> {
    const { calls } = kernel;
    const size = calls.tableSize(dict);
    const counts = room(kernel, size * 8);
    calls.tableField(dict, TEXT_ROWS_AT, 1, calls.tableMost(dict) + 1, counts);
    const offsets = room(kernel, size * 4 + 4);
    calls.dictExport(dict, 0, size, 0, offsets, 0);
    const places = uints(kernel, offsets, size + 1);
    const bytes = room(kernel, Math.max(places.at(-1) as number, 1));
    calls.dictExport(dict, 0, size, 0, offsets, bytes);
    const all = Buffer.from(kernel.bytes.buffer as ArrayBuffer, bytes);
    const missing = calls.tableNull(dict);
    const keys = Array.from({ length: size }, (_, i) =>
      i === missing ? null : all.toString("utf8", places[i], places[i + 1]),
    );
    return new Map(bigints(kernel, counts, size).map((count, i) => [keys[i] as string | null, count]));
  }

  function group(kernel: Kernel, dict: number, texts: readonly (string | null)[]): void {
    const { calls } = kernel;
    const codes = new Uint32Array(texts.length);
    for (const [i, text] of texts.entries()) {
      if (text === null) continue;
      const bytes = Buffer.from(text);
      codes[i] = calls.dictAdd(dict, put(kernel, Uint8Array.from(bytes)), bytes.length);
    }
    const valid = texts.includes(null)
      ? put(
          kernel,
          Uint8Array.from(texts, (text) => (text === null ? 0 : 1)),
        )
      : 0;
    const recs = room(kernel, texts.length * 4);
    expect(calls.groupByCodes(dict, put(kernel, codes), valid, texts.length, recs)).toBe(0);
    calls.addRows(recs, texts.length, TEXT_ROWS_AT);
  }

  test("counts in the records of a dictionary: short, long and missing texts, over many pages", () => {
    const someText = fc.oneof(
      fc.integer({ min: 0, max: 2000 }).map((number) => `t${number}`),
      fc.integer({ min: 0, max: 300 }).map((number) => `a text of more than fifteen bytes ${number}`),
      fc.constant(""),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.array(fc.array(someText, { maxLength: 700 }), { maxLength: 4 }), (blocks) => {
        const kernel = new Kernel(module);
        const { calls } = kernel;
        const dict = calls.dictNew();
        expect(calls.dictRecords(dict, TEXT_RECORD, 0, 0)).toBeTruthy();
        const counts = new Map<string | null, bigint>();
        for (const block of blocks) {
          group(kernel, dict, block);
          for (const text of block) counts.set(text, (counts.get(text) ?? 0n) + 1n);
        }
        expect(countTexts(kernel, dict)).toEqual(counts);
        calls.dictFree(dict);
        expect(calls.brokenGuard()).toBe(0);
      }),
      { numRuns: 30, seed: 6 },
    );
  });

  test("records of a new size begin anew, under the codes that their texts had", () => {
    const kernel = new Kernel(module);
    const { calls } = kernel;
    const dict = calls.dictNew();
    calls.dictRecords(dict, TEXT_RECORD, 0, 0);
    const texts = Array.from({ length: 1000 }, (_, i) => (i === 500 ? null : `${i} and more than fifteen bytes`));
    group(kernel, dict, texts);
    const used = calls.usedBytes();
    const template = put(kernel, BigInt64Array.of(0n, 0n, 0n, 7n));
    expect(calls.dictRecords(dict, 32, template, 0)).toBeTruthy();
    expect(calls.usedBytes() - used).toBeLessThan(100_000);
    expect(calls.tableNull(dict)).toBe(999);
    group(kernel, dict, [null, "999 and more than fifteen bytes", "new"]);
    const counts = countTexts(kernel, dict);
    expect(counts.size).toBe(1001);
    expect([counts.get(null), counts.get("999 and more than fifteen bytes"), counts.get("new")]).toEqual([1n, 1n, 1n]);
    expect(counts.get("0 and more than fifteen bytes")).toBe(0n);
    const sevens = room(kernel, 1001 * 8);
    calls.tableField(dict, 24, 1, calls.tableMost(dict) + 1, sevens);
    expect(new Set(bigints(kernel, sevens, 1001))).toEqual(new Set([7n]));
    expect(calls.brokenGuard()).toBe(0);
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
    calls.tableField(pairs, 0, 1, calls.tableMost(pairs) + 1, words);
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
