import { expect, test } from "vitest";
import { arrow, type Vector } from "../../../src/frame/arrow.ts";
import { frameFromArrow } from "../../../src/frame/frame.ts";
import { wholesOf } from "../../../src/frame/wholes.ts";

const EDGES = [0n, 1n, -1n, 2n ** 31n, -(2n ** 31n), 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)];
const BEYOND = [2n ** 63n, -(2n ** 63n) - 1n, 2n ** 64n, -(2n ** 96n), 10n ** 38n - 1n];

/** Chunks of decimals; a value of null has rubbish in its place. */
function decimals(bits: 128 | 256, ...chunks: readonly (readonly (bigint | null)[])[]): Vector {
  const { Decimal, Vector: ArrowVector, makeData } = arrow();
  const type = new Decimal(2, bits === 128 ? 38 : 76, bits);
  const data = chunks.map((values) => {
    const words = values.flatMap((value) => wordsOf(value ?? 3n ** 70n, bits / 32));
    const nullBitmap = new Uint8Array(Math.ceil(values.length / 8));
    for (const [i, value] of values.entries())
      if (value !== null) nullBitmap[i >> 3] = (nullBitmap[i >> 3] ?? 0) | (1 << (i & 7));
    const nullCount = values.filter((value) => value === null).length;
    return makeData({ type, length: values.length, nullCount, nullBitmap, data: Uint32Array.from(words) });
  });
  return new ArrowVector(data) as Vector;
}

function wordsOf(value: bigint, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Number(BigInt.asUintN(32, value >> BigInt(32 * i))));
}

test.each([128, 256] as const)(
  "decimals of %i bits that fit are 64 bits each, whatever stands in the place of a null",
  (bits) => {
    const vector = decimals(bits, [...EDGES, null], [5n], [null, -7n]);
    const wholes = wholesOf(vector);
    expect(wholes).toBeInstanceOf(BigInt64Array);
    const expected = [...EDGES, 0n, 5n, 0n, -7n];
    expect([...wholes]).toEqual(expected);
    expect([...wholesOf(vector.slice(3, 11))]).toEqual(expected.slice(3, 11));
  },
);

test.each(BEYOND)("one beyond, %s, leaves all as they are", (beyond) => {
  expect(wholesOf(decimals(128, [...EDGES, null], [beyond]))).toEqual([...EDGES, null, beyond]);
});

test("values are the doubles nearest to the decimals", () => {
  const { Table } = arrow();
  const values = [125n, null, -(2n ** 53n), 10n ** 18n + 1n];
  const read = (given: readonly (bigint | null)[]) =>
    frameFromArrow(new Table({ a: decimals(128, given) })).column("a").values;
  expect(read(values.slice(0, 2))).toEqual([1.25, null]);
  expect(read(values)).toEqual([1.25, null, -90071992547409.92, 1e16]);
});
