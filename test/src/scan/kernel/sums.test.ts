import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileKernel, Kernel } from "../../../../src/scan/kernel.ts";
import { bigints, doubles, put, room } from "./memory-of.ts";

const module = await compileKernel("checked");

/** States of 16 bytes at offset 8 of three groups' records, after rows went to them in turn. */
function states(rows: number, before: bigint[], run: (kernel: Kernel, recs: number, at: number) => void) {
  const kernel = new Kernel(module);
  const { calls } = kernel;
  const table = calls.tableNew(24, put(kernel, BigInt64Array.of(0n, ...before)), 0);
  const recs = room(kernel, rows * 4);
  const keys = put(
    kernel,
    BigInt64Array.from({ length: rows }, (_, i) => BigInt(i % 3)),
  );
  calls.groupByKeys(table, keys, 0, 0, rows, recs);
  run(kernel, recs, 8);
  const out = room(kernel, 48);
  calls.tableField(table, 8, 1, calls.tableMost(table) + 1, out);
  calls.tableField(table, 16, 1, calls.tableMost(table) + 1, out + 24);
  expect(calls.brokenGuard()).toBe(0);
  return { first: bigints(kernel, out, 3), second: bigints(kernel, out + 24, 3), sums: doubles(kernel, out, 6) };
}

const anyInt = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const third = <T>(values: readonly T[], group: number) => values.filter((_, i) => i % 3 === group);
const sum = (values: readonly bigint[]) => values.reduce((one, other) => one + other, 0n);

describe("sums of integers", () => {
  test("in 64 bits, with rows and nulls counted", () => {
    const values = [5n, -7n, 2n ** 60n, 0n, 9n, -1n, 3n];
    const valid = Uint8Array.of(1, 1, 1, 0, 1, 1, 0);
    expect(
      states(7, [0n, 0n], (kernel, recs, at) => {
        kernel.calls.sumInts(recs, put(kernel, BigInt64Array.from(values)), 7, at);
        kernel.calls.addRows(recs, 7, at + 8);
        kernel.calls.addNulls(recs, put(kernel, valid), 7, at + 8);
      }),
    ).toMatchObject({ first: [8n, 2n, 2n ** 60n - 1n], second: [5n, 2n, 2n] });
  });

  test("in 128 bits, of any values, in one piece or merged", () => {
    fc.assert(
      fc.property(fc.array(anyInt, { minLength: 3, maxLength: 40 }), (values) => {
        const { first, second } = states(values.length, [0n, 0n], (kernel, recs, at) => {
          kernel.calls.sumWide(recs, put(kernel, BigInt64Array.from(values)), values.length, at);
        });
        const wide = first.map((low, i) => ((second[i] as bigint) << 64n) + BigInt.asUintN(64, low));
        expect(wide).toEqual([0, 1, 2].map((group) => sum(third(values, group))));
        const again = states(3, [0n, 0n], (kernel, recs, at) => {
          const parts = [put(kernel, BigInt64Array.from(first)), put(kernel, BigInt64Array.from(second))] as const;
          kernel.calls.mergeWide(recs, ...parts, 3, at);
        });
        expect(again).toMatchObject({ first, second });
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  test("no value exceeds the magnitude, and it exceeds none by more than a bit", () => {
    const kernel = new Kernel(module);
    fc.assert(
      fc.property(fc.array(anyInt, { maxLength: 20 }), (values) => {
        const bound = kernel.calls.magnitude(put(kernel, BigInt64Array.from(values)), values.length);
        const most = Number(
          values.reduce(
            (one, value) => ((value < 0n ? -value : value) > one ? (value < 0n ? -value : value) : one),
            0n,
          ),
        );
        expect(bound).toBeGreaterThanOrEqual(most);
        expect(bound).toBeLessThanOrEqual(2 * most + 1);
      }),
      { seed: 4 },
    );
  });
});

describe("sums of doubles", () => {
  test("keep what rounding takes", () => {
    const values = [1e16, 0.1, 1, 1, 0.2, 2, -1e16, 0.3, 3];
    const { sums } = states(9, [0n, 0n], (kernel, recs, at) => {
      kernel.calls.sumDoubles(recs, put(kernel, Float64Array.from(values)), 9, at);
    });
    expect([0, 1, 2].map((group) => (sums[group] as number) + (sums[group + 3] as number))).toEqual([1, 0.6, 6]);
  });

  test("merge as they add", () => {
    const { sums } = states(6, [0n, 0n], (kernel, recs, at) => {
      const parts = Float64Array.of(1e16, 1, 2, -1e16, 3, 4);
      kernel.calls.mergeDoubles(recs, put(kernel, parts), put(kernel, Float64Array.of(0.5, 0, 0, 0.25, 0, 0)), 6, at);
    });
    expect(sums).toEqual([0, 4, 6, 0.75, 0, 0]);
  });

  test("infinities and NaN stay in the sum itself", () => {
    const { sums } = states(6, [0n, 0n], (kernel, recs, at) => {
      kernel.calls.sumDoubles(recs, put(kernel, Float64Array.of(1 / 0, 1 / 0, NaN, 1, -1 / 0, 1)), 6, at);
    });
    expect(sums.slice(0, 3)).toEqual([Infinity, NaN, NaN]);
  });
});

describe("values that are not 0", () => {
  test("are counted, NaN among them", () => {
    const { first, second } = states(6, [0n, 0n], (kernel, recs, at) => {
      kernel.calls.countTrueInts(recs, put(kernel, BigInt64Array.of(1n, 0n, -(2n ** 63n), 2n ** 32n, 0n, 0n)), 6, at);
      kernel.calls.countTrueDoubles(recs, put(kernel, Float64Array.of(0, NaN, -0, 0, 1e-320, 5)), 6, at + 8);
    });
    expect([first, second]).toEqual([
      [2n, 0n, 1n],
      [0n, 2n, 1n],
    ]);
  });
});
