import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Kernel } from "../../../src/scan/kernel.ts";
import type { ValueFigures } from "../../../src/scan/statistics/column-figures.ts";
import { TextStatistics } from "../../../src/scan/statistics/text-statistics.ts";
import { newKernel, putFields } from "./field-table.ts";
import { lengthsOf, orderOf, rangeOf, topOf } from "./statistics-reference.ts";

let kernel: Kernel;

beforeAll(async () => {
  kernel = await newKernel();
  kernel.calls.setDialect(44, 0, 0, 0, 1, 0);
});

afterAll(() => {
  expect(kernel.calls.brokenGuard()).toBe(0);
});

const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Adds texts as codes while the statistics want these, and as texts then. */
function add(statistics: TextStatistics, texts: readonly string[], firstRow: number, block: number): void {
  const { calls } = kernel;
  for (let from = 0; from < texts.length; from += block) {
    const some = texts.slice(from, from + block);
    const { starts, skip, ends, stride, rows } = putFields(kernel, some);
    const room = some.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    const [out, valid, bytes] = [calls.alloc(4 * rows + 4), calls.alloc(rows), calls.alloc(room)];
    if (statistics.dictionary !== 0) {
      calls.parseCodes(starts, skip, ends, stride, rows, statistics.dictionary, out, valid);
      statistics.addCodes(out, rows, firstRow + from, rows);
    } else {
      calls.parseTexts(starts, skip, ends, stride, rows, out, bytes, room, valid);
      statistics.addTexts(out, bytes, rows, firstRow + from, rows);
    }
    for (const given of [out, valid, bytes, starts]) calls.free(given);
  }
}

function figuresOf(texts: readonly string[], block = 1000, isText = false): ValueFigures {
  const statistics = new TextStatistics(kernel);
  if (isText) statistics.useTexts();
  add(statistics, texts, 0, block);
  const figures = statistics.figures();
  statistics.free();
  return figures;
}

/** In parts that are merged in an order of their own; those named in `asTexts` have given their dictionary up. */
function figuresOfParts(texts: readonly string[], parts: number, stretch: number, asTexts: readonly number[] = []) {
  const all = Array.from({ length: parts }, () => new TextStatistics(kernel));
  for (const i of asTexts) all[i % parts]?.useTexts();
  for (let from = 0, i = 0; from < texts.length; from += stretch, i++)
    add(all[i % parts] as TextStatistics, texts.slice(from, from + stretch), from, 999);
  const [first, ...others] = all.toReversed() as [TextStatistics, ...TextStatistics[]];
  for (const other of others) first.merge(structuredClone(other.part()));
  const figures = first.figures();
  for (const one of all) one.free();
  return figures;
}

function wantedOf(texts: readonly string[]): ValueFigures {
  return {
    distinct: new Set(texts).size,
    distinctExact: true,
    ...rangeOf(texts, compare),
    top: topOf(texts, compare),
    topError: 0,
    order: orderOf(texts, compare),
    text: lengthsOf(texts),
  };
}

const word = fc.oneof(
  fc.constantFrom(
    "a",
    "ab",
    "b",
    "007",
    "0",
    "cat_01",
    "cat_02",
    "long text that shares its start, one",
    "long text that shares its start, two",
  ),
  fc.string({ minLength: 1, maxLength: 30, unit: "grapheme" }).map((text) => text.replace(/[\n\r,]/g, "_")),
);

describe("texts", () => {
  it("are as a plain walk says, by codes and by hashes, however they are cut into blocks", () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 80 }), fc.integer({ min: 1, max: 20 }), (texts, block) => {
        const wanted = wantedOf(texts);
        expect(figuresOf(texts, block)).toEqual(wanted);
        // Of texts that come once only the hash is kept.
        const top = wanted.top.filter(({ count }) => count > 1);
        const hashed = figuresOf(texts, block, true);
        expect({ ...hashed, top: hashed.top.slice(0, top.length) }).toEqual({ ...wanted, top });
      }),
      { numRuns: 100 },
    );
  });

  it("merge from parts to the same figures in any order", () => {
    const sizes = fc.tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 20 }));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 80 }), sizes, (texts, [parts, stretch]) => {
        expect(figuresOfParts(texts, parts, stretch)).toEqual(wantedOf(texts));
      }),
      { numRuns: 60 },
    );
  });

  it("merge too where some parts have given their dictionary up", () => {
    const texts = Array.from({ length: 500 }, (_, i) => `text ${(i * i) % 40}`);
    for (const asTexts of [[0], [1], [2], [0, 2], [0, 1, 2]])
      expect(figuresOfParts(texts, 3, 7, asTexts)).toEqual(wantedOf(texts));
  });

  it("cut in the middle of a character are shown to the last whole one", () => {
    const { min, max, text } = figuresOf([`${"x".repeat(318)}é€€`, "€".repeat(200)]);
    expect([min, max, text?.longest]).toEqual([`${"x".repeat(318)}é`, "€".repeat(106), 600]);
  });
});

describe("more different texts than are kept", () => {
  const texts = Array.from({ length: 150_000 }, (_, i) => (i % 3 === 0 ? "common one" : `some longer text no. ${i}`));

  it.each([1, 3])("are estimated, and all but the estimate stays exact (%i parts)", (parts) => {
    const found = parts === 1 ? figuresOf(texts, 4000) : figuresOfParts(texts, parts, 9000);
    expect(found.distinctExact).toBe(false);
    expect(Math.abs(found.distinct / 100_001 - 1)).toBeLessThan(0.03);
    expect(found.text).toEqual(lengthsOf(texts));
    expect([found.min, found.max, found.order]).toEqual(["common one", "some longer text no. 99998", "none"]);
    expect(found.top.map(({ value }) => value)).toEqual(["common one"]);
    expect((found.top[0]?.count as number) + found.topError).toBeGreaterThanOrEqual(50_000);
  });

  it("are known to be sorted by their hashes alone", () => {
    const sorted = Array.from({ length: 70_000 }, (_, i) => `k${String(i).padStart(6, "0")}`);
    expect(figuresOf(sorted, 4000).order).toBe("strictly ascending");
    expect(figuresOfParts(sorted, 3, 5000).order).toBe("strictly ascending");
  });
});
