import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileKernel, Kernel } from "../../../../src/scan/kernel.ts";
import { bigints, doubles, put, room } from "./memory-of.ts";

const module = await compileKernel("checked");
const LEAST = -(2n ** 63n);
const GREATEST = 2n ** 63n - 1n;

/** Least and greatest of one group's values. */
function extremes(values: BigInt64Array | Float64Array, valid: Uint8Array | undefined) {
  const kernel = new Kernel(module);
  const { calls } = kernel;
  const isInt = values instanceof BigInt64Array;
  const before = isInt ? BigInt64Array.of(0n, GREATEST, LEAST) : Float64Array.of(0, NaN, -Infinity);
  const table = calls.tableNew(24, put(kernel, before), 0);
  const recs = room(kernel, values.length * 4);
  calls.groupAll(table, 0, values.length, recs);
  const rest = [put(kernel, values), valid ? put(kernel, valid) : 0, values.length] as const;
  calls[isInt ? "minInts" : "minDoubles"](recs, ...rest, 8);
  calls[isInt ? "maxInts" : "maxDoubles"](recs, ...rest, 16);
  const out = room(kernel, 16);
  calls.tableField(table, 8, 1, calls.tableMost(table) + 1, out);
  calls.tableField(table, 16, 1, calls.tableMost(table) + 1, out + 8);
  expect(calls.brokenGuard()).toBe(0);
  return isInt ? bigints(kernel, out, 2) : doubles(kernel, out, 2);
}

describe("extremes", () => {
  test("of integers, null values aside", () => {
    const rows = fc.array(fc.tuple(fc.bigInt({ min: LEAST, max: GREATEST }), fc.boolean()), { maxLength: 30 });
    fc.assert(
      fc.property(rows, fc.boolean(), (all, hasNulls) => {
        const valid = hasNulls ? Uint8Array.from(all, ([, isThere]) => (isThere ? 1 : 0)) : undefined;
        const left = all.filter(([, isThere]) => !hasNulls || isThere).map(([value]) => value);
        const least = left.reduce((one, other) => (other < one ? other : one), GREATEST);
        const most = left.reduce((one, other) => (other > one ? other : one), LEAST);
        expect(
          extremes(
            BigInt64Array.from(all, ([value]) => value),
            valid,
          ),
        ).toEqual([least, most]);
      }),
      { numRuns: 80, seed: 8 },
    );
  });

  test("of doubles: NaN is the greatest, and -0 comes before 0 whatever the order", () => {
    expect(extremes(Float64Array.of(3, NaN, -Infinity), undefined)).toEqual([-Infinity, NaN]);
    expect(extremes(Float64Array.of(NaN, 3), undefined)).toEqual([3, NaN]);
    expect(extremes(Float64Array.of(NaN, NaN), undefined)).toEqual([NaN, NaN]);
    expect(extremes(Float64Array.of(0, -0), undefined)).toEqual([-0, 0]);
    expect(extremes(Float64Array.of(-0, 0), undefined)).toEqual([-0, 0]);
    expect(extremes(Float64Array.of(0, 5, 0, 7), Uint8Array.of(0, 1, 0, 1))).toEqual([5, 7]);
    expect(extremes(Float64Array.of(-Infinity), undefined)).toEqual([-Infinity, -Infinity]);
  });
});
