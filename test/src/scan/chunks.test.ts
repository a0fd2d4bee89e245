import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { columnOfInput } from "../../../src/frame/input.ts";
import { Arena } from "../../../src/scan/arena.ts";
import { compileKernel, Kernel } from "../../../src/scan/kernel.ts";
import { BlockReader } from "../../../src/scan/rows/blocks.ts";
import type { Kind, ScanTable } from "../../../src/scan/table.ts";
import { ChunkCutter } from "../../../src/scan/values/chunks.ts";
import { ColumnReader } from "../../../src/scan/values/columns.ts";
import { buffersOf, ChunkReceiver } from "../../../src/scan/values/sent-chunk.ts";
import { COMMAS, sourceOf } from "./read-fields.ts";

let kernel: Kernel;

beforeAll(async () => {
  kernel = new Kernel(await compileKernel("checked"));
});

afterAll(() => {
  expect(kernel.calls.brokenGuard()).toBe(0);
});

interface Chunked {
  readonly sizes: number[];
  readonly columns: unknown[][];
  readonly kinds: string[];
}

interface ChunkedOptions {
  readonly rows: number;
  readonly keep?: (row: number) => boolean;
  readonly isDeclared?: boolean;
  readonly blockBytes?: number;
}

/** Reads a text in chunks, moves them as to another thread, and gives their values as a frame would. */
function chunked(
  text: string,
  kinds: readonly (Kind & { readonly pandas: string })[],
  options: ChunkedOptions,
): Chunked {
  const { rows, keep, isDeclared = false, blockBytes = 64 } = options;
  const arena = new Arena(kernel);
  const columns = kinds.map((type, i) => ({ name: `c${i}`, type, isDeclared }));
  const table: ScanTable = { label: "t", format: "csv", compression: undefined, files: [], dialect: COMMAS, columns };
  const blocks = new BlockReader(kernel, COMMAS, kinds.length, { blockBytes });
  const { maxRows } = blocks;
  const readers = kinds.map((_, i) => new ColumnReader(kernel, arena, table, i, maxRows));
  const receiver = new ChunkReceiver(kinds.map(({ pandas }, i) => ({ name: `c${i}`, type: pandas })));
  const result: Chunked = { sizes: [], columns: kinds.map(() => []), kinds: [] };
  let chunks = 0;
  const cutter = new ChunkCutter(kernel, arena, readers, {
    rows,
    begin: () => ({ number: chunks++, rows, pass: 0 }),
    maxRows,
    onChunk(chunk) {
      const received = receiver.take(structuredClone(chunk, { transfer: buffersOf(chunk) }));
      result.sizes.push(received.rows);
      received.columns.forEach((column, i) => {
        expect(column.values.length).toBe(received.rows);
        result.columns[i]?.push(...columnOfInput(column).toArray());
        if (i === 0) result.kinds.push(column.values.constructor.name);
      });
    },
  });
  const mask = arena.take(maxRows);
  blocks.read(sourceOf(Buffer.from(text)), (fields) => {
    for (let row = 0; keep && row < fields.rows; row++) kernel.bytes[mask + row] = keep(fields.firstRow + row) ? 1 : 0;
    cutter.read(fields, keep ? mask : 0);
    cutter.append(fields, keep ? mask : 0);
  });
  cutter.finish();
  cutter.free();
  arena.free();
  blocks.free();
  return result;
}

const INT = { kind: "int", pandas: "int64" } as const;
const TEXT = { kind: "text", pandas: "str" } as const;
const DECIMAL = { kind: "decimal", scale: 2, pandas: "float64" } as const;

describe("ChunkCutter", () => {
  it("rounds decimals as JavaScript does, on both sides of where whole numbers are doubles", () => {
    const texts = [
      "45035996273704.95",
      "45035996273704.96",
      "45035996273704.97",
      "90071992547409.93",
      "9999999999999999.99",
    ];
    const all = [...texts, "0.00", "0.01", "12.30"].flatMap((text) => [text, `-${text}`, "0.07"]);
    for (const rows of [all, all.toReversed(), all.slice(1)]) {
      const { columns } = chunked(`${rows.join("\n")}\n`, [DECIMAL], { rows: 5, blockBytes: 256 });
      expect(columns[0]).toEqual(rows.map((text) => Number(text) + 0));
    }
  });

  it("reads what the kernel leaves open where it belongs, behind other blocks of its chunk", () => {
    const texts = ["0.1", "9007199254740993", "2.5", "", "-9007199254740993"];
    const rows = Array.from({ length: 60 }, (_, i) => texts[i % texts.length] as string);
    const text = `${rows.map((value) => `${value},1`).join("\n")}\n`;
    const numbers = rows.map((value) => (value === "" ? null : Number(value)));
    const options = { rows: 50, blockBytes: 256 };
    const wide = { kind: "double", pandas: "float64" } as const;
    expect(chunked(text, [wide, INT], options).columns[0]).toEqual(numbers);
    const narrow = { kind: "double", isNarrow: true, pandas: "float32" } as const;
    const rounded = numbers.map((value) => value && Math.fround(value));
    expect(chunked(text, [narrow, INT], options).columns[0]).toEqual(rounded);
  });

  it("cuts blocks of any size into chunks of exactly so many rows, nulls and all", () => {
    const value = fc.record({
      n: fc.option(fc.integer()),
      t: fc.option(fc.constantFrom("a", "b", "a longer text than fifteen", "ü")),
    });
    const rows = fc.array(value, { maxLength: 80 });
    fc.assert(
      fc.property(
        rows,
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 64, max: 300 }),
        fc.integer({ min: 1, max: 4 }),
        (data, size, blockBytes, step) => {
          const text = data.map(({ n, t }) => `${n ?? ""},${t ?? ""}\n`).join("");
          const keep = step === 4 ? undefined : (row: number) => row % step === 0;
          const kept = data.filter((_, i) => keep?.(i) ?? true);
          const { sizes, columns } = chunked(text, [INT, TEXT], { rows: size, blockBytes, ...(keep ? { keep } : {}) });
          const count = Math.max(1, Math.ceil(kept.length / size));
          expect(sizes).toEqual(Array.from({ length: count }, (_, i) => Math.min(size, kept.length - i * size)));
          expect(columns[0]?.map((n) => (n === null ? null : Number(n)))).toEqual(kept.map(({ n }) => n));
          expect(columns[1]).toEqual(kept.map(({ t }) => t));
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });

  it("gives decimals as the nearest doubles, and as exact decimals where they are declared", () => {
    const texts = [
      "0.1",
      "-1234.56",
      "9999999999999999.99",
      "90071992547409.93",
      "123456789012345.67",
      "-0.07",
      "45035996273704.965",
    ];
    const text = texts.map((value) => `${value.slice(0, value.indexOf(".") + 3)},x\n`).join("");
    const wanted = texts.map((value) => value.slice(0, value.indexOf(".") + 3));
    expect(chunked(text, [DECIMAL, TEXT], { rows: 3 }).columns[0]).toEqual(wanted.map(Number));
    const declared = { kind: "decimal", scale: 2, precision: 18, pandas: "decimal(18, 2)" } as const;
    const exact = chunked(text, [declared, TEXT], { rows: 3, isDeclared: true });
    expect(exact.kinds[0]).toBe("BigInt64Array");
    expect(exact.columns[0]).toEqual(wanted.map(Number));
  });

  it("gives declared types their own arrays", () => {
    const cases: [string, Kind & { pandas: string }, string, unknown[]][] = [
      ["-128\n127\n", { kind: "int", range: { min: -128n, max: 127n }, pandas: "int8" }, "Int8Array", [-128, 127]],
      [
        "-32768\n5\n",
        { kind: "int", range: { min: -32768n, max: 32767n }, pandas: "int16" },
        "Int16Array",
        [-32768, 5],
      ],
      [
        "-2147483648\n5\n",
        { kind: "int", range: { min: -(2n ** 31n), max: 2n ** 31n - 1n }, pandas: "int32" },
        "Int32Array",
        [-2147483648, 5],
      ],
      ["0\n255\n", { kind: "int", range: { min: 0n, max: 255n }, pandas: "uint8" }, "Uint8Array", [0, 255]],
      ["0\n65535\n", { kind: "int", range: { min: 0n, max: 65535n }, pandas: "uint16" }, "Uint16Array", [0, 65535]],
      [
        "0\n4294967295\n",
        { kind: "int", range: { min: 0n, max: 2n ** 32n - 1n }, pandas: "uint32" },
        "Uint32Array",
        [0, 4294967295],
      ],
      ["0.1\n5\n", { kind: "double", isNarrow: true, pandas: "float32" }, "Float32Array", [Math.fround(0.1), 5]],
      ["true\nno\n", { kind: "bool", pandas: "bool" }, "Uint8Array", [true, false]],
      ["1970-01-02\n1969-12-31\n", { kind: "date", pandas: "date" }, "Int32Array", [new Date(864e5), new Date(-864e5)]],
      [
        "1970-01-01 00:00:01\n1970-01-01T00:00:02\n",
        { kind: "timestamp", zoned: false, pandas: "datetime64[us]" },
        "BigInt64Array",
        [new Date(1000), new Date(2000)],
      ],
    ];
    for (const [text, kind, array, wanted] of cases) {
      const { kinds, columns } = chunked(text, [kind], { rows: 10, isDeclared: true });
      expect([array, columns[0]]).toEqual([kinds[0], wanted]);
    }
  });

  it("sends texts as they are once most of very many differ", () => {
    const rows = Array.from({ length: 160_000 }, (_, i) =>
      i % 1000 === 7 ? "" : i % 3 === 0 ? "same" : `text ${i}, "quoted"`,
    );
    const text = rows
      .map((value) => `1,${value.includes('"') ? `"${value.replaceAll('"', '""')}"` : value}\n`)
      .join("");
    const { columns, sizes } = chunked(text, [INT, TEXT], { rows: 50_001, blockBytes: 1 << 16 });
    expect(sizes).toEqual([50_001, 50_001, 50_001, 9_997]);
    expect(columns[1]).toEqual(rows.map((value) => value || null));
    const keep = (row: number) => row % 4 !== 2;
    const some = chunked(text, [INT, TEXT], { rows: 40_001, blockBytes: 1 << 16, keep });
    expect(some.columns[1]).toEqual(rows.map((value) => value || null).filter((_, i) => keep(i)));
  });

  it("makes a chunk of no rows only when there are none at all", () => {
    expect(chunked("", [INT, TEXT], { rows: 10 }).sizes).toEqual([0]);
    expect(chunked("1\n2\n", [INT], { rows: 2 }).sizes).toEqual([2]);
    expect(chunked("1\n2\n", [INT], { rows: 2, keep: () => false }).sizes).toEqual([0]);
  });
});
