import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileKernel, Kernel } from "../../../src/scan/kernel.ts";

let kernel: Kernel;
beforeAll(async () => {
  kernel = new Kernel(await compileKernel("checked"));
});
afterAll(() => expect(kernel.calls.brokenGuard()).toBe(0));

type Numbers = BigInt64Array | Float64Array;

/** The order that the kernel gives to rows of numbers. */
function orderOf(values: Numbers, valid?: Uint8Array): number[] {
  const { calls } = kernel;
  const rows = values.length;
  const blocks = [8, 8, 8, 4, 4, 1].map((bytes) => calls.alloc(bytes * rows + 8));
  const [data, images, imageScratch, order, scratch, flags] = blocks as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  kernel.bytes.set(new Uint8Array(values.buffer), data);
  if (values instanceof BigInt64Array) calls.signedImages(data, rows, images);
  else calls.doubleImages(data, rows, images);
  calls.startOrder(order, rows);
  calls.sortOrder(order, images, scratch, imageScratch, rows);
  if (valid) {
    kernel.bytes.set(valid, flags);
    calls.nullsLast(order, scratch, flags, rows);
  }
  const sorted = [...new Uint32Array(kernel.bytes.slice(order, order + 4 * rows).buffer)];
  for (const block of blocks) calls.free(block);
  return sorted;
}

describe("rows by their keys", () => {
  test("signed integers, stable", () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { maxLength: 200 }), (list) => {
        const values = [...list, ...list];
        const expected = values
          .map((_, i) => i)
          .sort((a, b) => Number(values[a]! > values[b]!) - Number(values[a]! < values[b]!) || a - b);
        expect(orderOf(BigInt64Array.from(values))).toEqual(expected);
      }),
    );
  });

  test("of more rows than a stretch has", () => {
    for (const turn of [(i: number) => i, (i: number) => -i, (i: number) => (i * 7919) % 40_009]) {
      const values = Array.from({ length: 40_009 }, (_, i) => BigInt(turn(i)));
      const expected = values.map((_, i) => i).sort((a, b) => Number((values[a] as bigint) - (values[b] as bigint)));
      expect(orderOf(BigInt64Array.from(values))).toEqual(expected);
    }
  });

  test("doubles: both zeros are one, NaN is last, and nulls behind all", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double(), fc.boolean()), { maxLength: 200 }), (list) => {
        const values = list.map(([value]) => value);
        const rank = (i: number) => (list[i]![1] ? 0 : 1);
        const compare = (a: number, b: number) =>
          a < b ? -1 : a > b ? 1 : Number(Number.isNaN(a)) - Number(Number.isNaN(b));
        const expected = values
          .map((_, i) => i)
          .sort((a, b) => rank(a) - rank(b) || compare(values[a]!, values[b]!) || a - b);
        const valid = Uint8Array.from(list, ([, isValid]) => Number(isValid));
        expect(orderOf(Float64Array.from(values), valid)).toEqual(expected);
      }),
    );
  });
});

describe("texts by code point", () => {
  /** The texts of a new dictionary in the order of their ranks. */
  function sorted(texts: readonly string[]): string[] {
    const { calls } = kernel;
    const dict = calls.dictNew();
    const different: string[] = [];
    for (const text of texts) {
      const bytes = Buffer.from(text);
      const at = calls.alloc(bytes.length + 1);
      kernel.bytes.set(bytes, at);
      const code = calls.dictAdd(dict, at, bytes.length);
      if (code === different.length) different.push(text);
      calls.free(at);
    }
    const ranks = calls.alloc(4 * different.length + 4);
    expect(calls.rankTexts(dict, ranks)).toBe(different.length);
    const places = new Uint32Array(kernel.bytes.slice(ranks, ranks + 4 * different.length).buffer);
    const result: string[] = [];
    for (const [code, text] of different.entries()) result[places[code] as number] = text;
    calls.free(ranks);
    calls.dictFree(dict);
    return result;
  }

  const byBytes = (texts: readonly string[]) =>
    [...new Set(texts)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

  test("of any kind and length", () => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 100 }), (texts) => {
        expect(sorted(texts)).toEqual(byBytes(texts));
      }),
    );
  });

  test("many that begin alike", () => {
    const alike = Array.from({ length: 20_000 }, (_, i) => `customer number ${(i * 7919) % 20_000}`);
    const nested = Array.from({ length: 6000 }, (_, i) => "x".repeat(i % 3000) + (i % 2));
    const ended = Array.from({ length: 5000 }, (_, i) => `same words\0${"\0".repeat(i % 40)}${i}`);
    for (const texts of [alike, nested, ended]) expect(sorted(texts)).toEqual(byBytes(texts));
  });
});
