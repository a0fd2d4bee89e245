import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimalNumber, quotientNumber } from "../../../src/scan/groups/exact.ts";
import { decimalNumbers } from "../../../src/scan/groups/value-column.ts";

const wide = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }),
  fc.bigInt({ min: -5n, max: 5n }),
);

describe("the nearest double", () => {
  test("of a decimal is what JavaScript reads", () => {
    fc.assert(
      fc.property(wide, fc.integer({ min: 0, max: 18 }), (unscaled, scale) => {
        const wanted = Number(`${unscaled}e-${scale}`);
        expect(decimalNumber(unscaled, scale)).toBe(wanted);
        expect(decimalNumbers(BigInt64Array.of(unscaled), scale)[0]).toBe(wanted);
      }),
      { numRuns: 2000, seed: 31 },
    );
  });

  test("of a quotient: no double is nearer", () => {
    const positive = fc.oneof(fc.bigInt({ min: 1n, max: 2n ** 190n }), fc.bigInt({ min: 1n, max: 99n }));
    fc.assert(
      fc.property(positive, fc.bigInt({ min: 1n, max: 2n ** 120n }), (top, bottom) => {
        const found = quotientNumber(top, bottom);
        for (const beside of neighbours(found))
          expect(distance(found, top, bottom) <= distance(beside, top, bottom), `${top} / ${bottom}`).toBe(true);
      }),
      { numRuns: 2000, seed: 32 },
    );
  });

  test("of a quotient at the half between two doubles", () => {
    const half = (2n ** 53n + 1n) * 2n ** 70n;
    expect(quotientNumber(0n, 7n)).toBe(0);
    expect(quotientNumber(half, 2n ** 71n)).toBe(2 ** 52);
    expect(quotientNumber(half + 1n, 2n ** 71n)).toBe(2 ** 52 + 1);
  });
});

function neighbours(number: number): number[] {
  const bits = new BigInt64Array(Float64Array.of(number).buffer)[0] as bigint;
  return [bits - 1n, bits + 1n]
    .filter((one) => one >= 0n)
    .map((one) => new Float64Array(BigInt64Array.of(one).buffer)[0] as number);
}

/** How far a double lies from the quotient, in units that both are whole numbers of. */
function distance(number: number, top: bigint, bottom: bigint): bigint {
  const units = BigInt(number * 2 ** 800) * bottom - (top << 800n);
  return units < 0n ? -units : units;
}
