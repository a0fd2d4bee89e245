import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NULL_WORDS } from "../../../src/profile/null-words.ts";
import type { Kernel } from "../../../src/scan/kernel.ts";
import { BlockReader } from "../../../src/scan/rows/blocks.ts";
import type { ColumnFigures } from "../../../src/scan/statistics/column-figures.ts";
import { Statistics, type StatisticsRequest } from "../../../src/scan/statistics/statistics.ts";
import type { Kind, ScanTable } from "../../../src/scan/table.ts";
import { newKernel } from "./field-table.ts";
import { COMMAS, sourceOf } from "./read-fields.ts";
import { lengthsOf } from "./statistics-reference.ts";

let kernel: Kernel;

beforeAll(async () => {
  kernel = await newKernel();
});

afterAll(() => {
  expect(kernel.calls.brokenGuard()).toBe(0);
});

function tableOf(kinds: Readonly<Record<string, Kind>>, isDeclared = false): ScanTable {
  const columns = Object.entries(kinds).map(([name, type]) => ({ name, type, isDeclared }));
  const dialect = { ...COMMAS, nulls: ["NA"] };
  return { label: "test", format: "csv", compression: undefined, files: [], dialect, columns };
}

/** Reads lines in parts of so many lines, each with its own statistics, and merges these from the last to the first. */
function figuresOf(
  kinds: Readonly<Record<string, Kind>>,
  lines: readonly string[],
  { linesOfPart = lines.length, blockBytes = 4096, isDeclared, ...request }: Options = {},
): readonly ColumnFigures[] {
  const table = tableOf(kinds, isDeclared);
  const parts: Statistics[] = [];
  for (let from = 0; from === 0 || from < lines.length; from += Math.max(1, linesOfPart)) {
    const reader = new BlockReader(kernel, table.dialect, table.columns.length, { blockBytes });
    const statistics = new Statistics(kernel, table, request, reader.maxRows);
    const text = lines.slice(from, from + linesOfPart).map((line) => `${line}\n`);
    reader.read(sourceOf(Buffer.from(text.join(""))), (fields) => statistics.consume(fields), { firstRow: from });
    parts.push(statistics);
    reader.free();
  }
  const [first, ...others] = parts.toReversed() as [Statistics, ...Statistics[]];
  for (const other of others) {
    for (const { value, buffers } of other.parts()) first.merge(structuredClone(value, { transfer: [...buffers] }));
  }
  const { value } = first.result();
  for (const part of parts) part.free();
  return value;
}

interface Options extends StatisticsRequest {
  readonly linesOfPart?: number;
  readonly blockBytes?: number;
  readonly isDeclared?: boolean;
}

describe("statistics of columns", () => {
  const kinds: Record<string, Kind> = {
    id: { kind: "int" },
    price: { kind: "decimal", scale: 2 },
    size: { kind: "double" },
    isOpen: { kind: "bool" },
    day: { kind: "date" },
    at: { kind: "timestamp", zoned: false },
    name: { kind: "text" },
  };
  const lines = [
    '1,0.50,1e3,true,2024-02-29,2024-02-29T12:30:00.25,"a, b"',
    '3,-0.00,0.1,No,1969-12-31,1969-12-31 23:59:59.999999,"say ""hi"""',
    " 2,12.25,nan,false,2024-02-29,2024-03-01T00:00:00,é",
    ",NA,,,,,",
    "3,12.25,2,y,2024-03-01,2024-03-02T00:00:00,007",
  ];

  it("tell what every kind of value has in common", () => {
    const [id, price, size, isOpen, day, at, name] = figuresOf(kinds, lines) as ColumnFigures[];
    expect(id).toMatchObject({ rows: 5, nulls: 1, distinct: 3, min: 1, max: 3, mean: 2.25, order: "none" });
    expect(id?.std).toBeCloseTo(0.957427, 6);
    expect(id?.top).toEqual([
      { value: 3, count: 2 },
      { value: 1, count: 1 },
      { value: 2, count: 1 },
    ]);
    expect(id?.written).toMatchObject({ count: 4, bytes: 5, longest: 2, odd: 0, zeros: 0 });
    expect(price).toMatchObject({ nulls: 1, distinct: 3, min: 0, max: 12.25, mean: 6.25, order: "none" });
    expect(price?.numbers).toEqual({ scale: 2, float32Same: 4, float32AtScale: 4, unusual: 1, finite: 4 });
    expect(size).toMatchObject({ nulls: 1, distinct: 4, min: 0.1, max: 1000, order: "none" });
    expect(size?.numbers).toEqual({ scale: 1, float32Same: 3, float32AtScale: 4, unusual: 1, finite: 3 });
    expect(size?.written?.digits).toBe(1);
    expect(isOpen).toMatchObject({ distinct: 2, min: false, max: true, mean: 0.5, histogram: undefined });
    expect(isOpen?.written?.spelled).toEqual({ count: 2, least: "No", greatest: "y" });
    expect(day).toMatchObject({ distinct: 3, min: new Date("1969-12-31"), max: new Date("2024-03-01") });
    expect(day?.top[0]).toEqual({ value: new Date("2024-02-29"), count: 2 });
    expect(at).toMatchObject({ min: new Date("1969-12-31T23:59:59.999Z"), max: new Date("2024-03-02"), distinct: 4 });
    expect(at?.written).toMatchObject({ count: 4, bytes: 22 + 26 + 19 + 19, longest: 26 });
    expect(name).toMatchObject({ nulls: 1, distinct: 4, min: "007", max: "é", order: "none" });
    expect(name?.text).toEqual(lengthsOf(["a, b", 'say "hi"', "é", "007"]));
    expect(name?.written).toBeUndefined();
    expect(name?.type).toEqual({ kind: "text" });
  });

  it("tell the words that pandas takes for missing values", () => {
    const near = ["NAN", "na", "Null", "nul", "nulls", "NaNa", "N", "n", "-", "#", "#N/A N/AA", "-Nan", "None ", "é"];
    for (const texts of [NULL_WORDS, near, [...near, ...NULL_WORDS, ...NULL_WORDS]])
      expect(
        figuresOf(
          { a: { kind: "text" }, b: { kind: "int" } },
          texts.map((text) => `"${text}",1`),
        )[0]?.text,
      ).toEqual(lengthsOf(texts.filter((text) => text !== "NA")));
  });

  it("are the same for blocks and parts of any size", () => {
    const whole = figuresOf(kinds, lines);
    for (const [linesOfPart, blockBytes] of [
      [1, 64],
      [2, 64],
      [3, 100],
      [5, 128],
    ] as const)
      expect(figuresOf(kinds, lines, { linesOfPart, blockBytes })).toEqual(whole);
  });

  it("of no rows have the columns without figures", () => {
    const figures = figuresOf(kinds, []);
    expect(
      figures.map(({ name, rows, nulls, distinct, min, order }) => [name, rows, nulls, distinct, min, order]),
    ).toEqual(Object.keys(kinds).map((name) => [name, 0, 0, 0, null, undefined]));
  });

  it("are of the columns that are asked for, in that order", () => {
    const figures = figuresOf(kinds, lines, { columns: ["name", "id"] });
    expect(figures.map(({ name, distinct }) => [name, distinct])).toEqual([
      ["name", 4],
      ["id", 3],
    ]);
  });

  it("give their memory back", () => {
    const many = Array.from(
      { length: 70_000 },
      (_, i) => `${i * i},${i}.25,${i / 7},true,2024-02-29,2024-02-29T12:30:00,name ${i}`,
    );
    figuresOf(kinds, lines);
    const before = kernel.calls.usedBytes();
    const [id, price] = figuresOf(kinds, many, { linesOfPart: 40_000, blockBytes: 128 * 1024 });
    expect([id?.distinctExact, price?.distinctExact]).toEqual([false, true]);
    expect(kernel.calls.usedBytes()).toBe(before);
  });

  it("say which values are none of the kind", () => {
    const [id] = figuresOf({ id: { kind: "int" } }, ["1", "x", "", "NA", "w", "1.5"], { keepsMisfits: true });
    expect(id).toMatchObject({ nulls: 5, distinct: 1, misfits: { count: 3, least: "1.5", greatest: "x" } });
  });

  it("hand the first of them to who widens columns", () => {
    const table = tableOf({ a: { kind: "int" }, b: { kind: "int" } });
    const reader = new BlockReader(kernel, table.dialect, 2);
    const statistics = new Statistics(kernel, table, {}, reader.maxRows);
    reader.read(sourceOf(Buffer.from("1,2\n3,x\ny,z\n")), (fields) => statistics.consume(fields));
    expect(statistics.misfits.map(({ column, row, text }) => [column, row, text])).toEqual([
      [0, 2, "y"],
      [1, 1, "x"],
    ]);
    statistics.free();
    reader.free();
  });

  it("know numbers that are written otherwise than plainly", () => {
    const plain = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
    const odd = fc.oneof(
      plain.map((text) => (text.startsWith("-") ? text : `+${text}`)).filter((text) => text.startsWith("+")),
      fc.constant("-0"),
    );
    fc.assert(
      fc.property(fc.array(plain), fc.array(odd), (plainly, oddly) => {
        const [id] = figuresOf({ id: { kind: "int" } }, [...plainly, ...oddly, ...plainly.map((text) => ` ${text} `)], {
          isDeclared: true,
        });
        expect(id?.written?.odd).toBe(oddly.length);
      }),
      { numRuns: 40 },
    );
  });

  it("know an exponent where the text is as long as the number is plainly", () => {
    const texts = ["1e2", "-1E2", '"10e2"', "1e+3", "1.0e4", " 1e03 ", "1.00000000000000e17", "1e00000000000000016"];
    for (const text of texts)
      expect(figuresOf({ id: { kind: "int" } }, [text, "100"], { isDeclared: true })[0]).toMatchObject({
        nulls: 0,
        written: { odd: 1 },
      });
  });

  it("know the digits of every whole number, and zeros with a minus", () => {
    const tens = Array.from({ length: 19 }, (_, i) => 10n ** BigInt(i));
    const sizes = [0n, 2n ** 63n - 1n, ...tens, ...tens.map((ten) => ten - 1n)];
    const plain = [...sizes, ...sizes.map((size) => -size), -(2n ** 63n)].map(String);
    const oddly = sizes.map((size) => `+${size}`);
    expect(figuresOf({ id: { kind: "int" } }, plain)[0]?.written?.odd).toBe(0);
    const [declared] = figuresOf({ id: { kind: "int" } }, oddly, { isDeclared: true });
    expect(declared?.written?.odd).toBe(oddly.length);

    const price = ["0", "0.5", '"0"', "-0", "-0.00", '"-0"', "-0.5", "10", "9.99", "NA", ".5"];
    const [figures] = figuresOf({ price: { kind: "decimal", scale: 2 } }, price);
    expect(figures?.written).toMatchObject({ count: 10, bytes: 26, zeros: 0, longest: 5 });
    expect(figures?.numbers?.unusual).toBe(3);
  });
});
