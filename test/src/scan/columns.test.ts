import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Arena } from "../../../src/scan/arena.ts";
import { compileKernel, Kernel } from "../../../src/scan/kernel.ts";
import { BlockReader } from "../../../src/scan/rows/blocks.ts";
import type { Dialect, Kind, ScanTable } from "../../../src/scan/table.ts";
import type { Misfit } from "../../../src/scan/threads/work.ts";
import { ColumnReader } from "../../../src/scan/values/columns.ts";
import { COMMAS, sourceOf } from "./read-fields.ts";

let kernel: Kernel;

beforeAll(async () => {
  kernel = new Kernel(await compileKernel("checked"));
});

afterAll(() => {
  expect(kernel.calls.brokenGuard()).toBe(0);
});

interface Read {
  readonly columns: unknown[][];
  readonly misfits: (Misfit | undefined)[];
}

/** Values of a kernel's columns as plain ones: texts by their dictionary. */
function read(
  text: string,
  kinds: readonly Kind[],
  dialect: Partial<Dialect> = {},
  isDeclared = false,
  blockBytes = 64,
): Read {
  const arena = new Arena(kernel);
  const table: ScanTable = {
    label: "test.csv",
    format: "csv",
    compression: undefined,
    files: [],
    dialect: { ...COMMAS, ...dialect },
    columns: kinds.map((type, i) => ({ name: `c${i}`, type, isDeclared })),
  };
  const blocks = new BlockReader(kernel, table.dialect, kinds.length, { blockBytes });
  const readers = kinds.map((_, i) => new ColumnReader(kernel, arena, table, i, blocks.maxRows));
  const codes: unknown[][] = kinds.map(() => []);
  blocks.read(
    sourceOf(Buffer.from(text)),
    (fields) => {
      readers.forEach((reader, i) => {
        const { values, valid, nulls, rows } = reader.parse(fields);
        const flags = valid === 0 ? undefined : kernel.bytes.subarray(valid, valid + rows);
        expect(flags?.filter((flag) => flag === 0).length ?? 0).toBe(nulls);
        const all = viewOf(kernel, reader, values, rows);
        for (let row = 0; row < rows; row++) codes[i]?.push(flags?.[row] === 0 ? null : all[row]);
      });
    },
    { firstRow: 100 },
  );
  const columns = readers.map((reader, i) => {
    if (reader.kind.kind !== "text") return codes[i] as unknown[];
    const texts = textsOf(kernel, reader.dictionary);
    return (codes[i] as (number | null)[]).map((code) => (code === null ? null : texts[code]));
  });
  for (const reader of readers) reader.free();
  arena.free();
  blocks.free();
  return { columns, misfits: readers.map(({ misfit }) => misfit) };
}

function viewOf(
  { calls }: Kernel,
  { kind, width }: ColumnReader,
  at: number,
  rows: number,
): ArrayLike<number | bigint> {
  const { buffer } = calls.memory;
  if (kind.kind === "double") return new Float64Array(buffer, at, rows);
  if (kind.kind === "date") return new Int32Array(buffer, at, rows);
  if (width === 8) return new BigInt64Array(buffer, at, rows);
  return width === 4 ? new Uint32Array(buffer, at, rows) : new Uint8Array(buffer, at, rows);
}

function textsOf({ calls }: Kernel, dictionary: number): string[] {
  const size = calls.dictSize(dictionary);
  const offsets = calls.alloc(4 * size + 4) >>> 0;
  calls.dictExport(dictionary, 0, size, 0, offsets, 0);
  const ends = new Uint32Array(calls.memory.buffer, offsets, size + 1).slice();
  const place = calls.alloc(Math.max(1, ends[size] as number)) >>> 0;
  calls.dictExport(dictionary, 0, size, 0, offsets, place);
  const all = Buffer.from(calls.memory.buffer, place, ends[size] as number).toString("latin1");
  calls.free(place);
  calls.free(offsets);
  return Array.from({ length: size }, (_, i) => Buffer.from(all.slice(ends[i], ends[i + 1]), "latin1").toString());
}

const INT: Kind = { kind: "int" };
const TEXT: Kind = { kind: "text" };
const DOUBLE: Kind = { kind: "double" };

describe("ColumnReader", () => {
  it("reads columns of all kinds over many blocks", () => {
    const row = (i: number) => [
      i % 7 === 0 ? "" : `${i - 50}`,
      `${i}.${i % 10}5`,
      `${i / 3}`,
      i % 2 === 0 ? "true" : "no",
      `2024-02-${String((i % 29) + 1).padStart(2, "0")}`,
      `2024-02-01T00:00:${String(i % 60).padStart(2, "0")}.5+01:00`,
      `"a ""quoted"" text, number ${i % 5}"`,
      `k${i % 3}`,
    ];
    const rows = Array.from({ length: 200 }, (_, i) => i);
    const kinds: Kind[] = [
      INT,
      { kind: "decimal", scale: 2 },
      DOUBLE,
      { kind: "bool" },
      { kind: "date" },
      { kind: "timestamp", zoned: true },
      TEXT,
      TEXT,
    ];
    for (const newline of ["\n", "\r\n"]) {
      const { columns, misfits } = read(`${rows.map((i) => row(i).join(",")).join(newline)}${newline}`, kinds);
      expect(columns).toEqual([
        rows.map((i) => (i % 7 === 0 ? null : BigInt(i - 50))),
        rows.map((i) => BigInt(i * 100 + (i % 10) * 10 + 5)),
        rows.map((i) => i / 3),
        rows.map((i) => 1 - (i % 2)),
        rows.map((i) => Date.UTC(2024, 1, 1 + (i % 29)) / 86_400_000),
        rows.map((i) => BigInt(Date.UTC(2024, 0, 31, 23, 0, i % 60)) * 1000n + 500_000n),
        rows.map((i) => `a "quoted" text, number ${i % 5}`),
        rows.map((i) => `k${i % 3}`),
      ]);
      expect(misfits.every((misfit) => misfit === undefined)).toBe(true);
    }
  });

  it("tells the first misfit of each column, with its row, reason and text cut short", () => {
    const long = "x".repeat(500);
    const rows = [..."123456789"].map((digit) => `${digit},1.5,${digit}`);
    const text = `${[...rows, '" y ",1.555,007', `z,1,${long}`, "1,1.234,3"].join("\n")}\n`;
    expect(read(text, [INT, { kind: "decimal", scale: 2 }, INT]).misfits).toMatchObject([
      { column: 0, row: 109, reason: 1, text: " y " },
      { column: 1, row: 109, reason: 3, text: "1.555" },
      { column: 2, row: 109, reason: 4, text: "007" },
    ]);
    const [misfit] = read(`${long}\n`, [INT]).misfits;
    expect(misfit?.text).toBe(`${"x".repeat(60)}…`);
  });

  it("counts rows that were skipped, when it says where a misfit is", () => {
    const [misfit] = read("1,2\n3\n4,5,6\n7,8\nx,9\n", [INT, INT], { ragged: "skip" }, false, 1024).misfits;
    expect(misfit).toMatchObject({ column: 0, row: 104, reason: 1, text: "x" });
  });

  it("knows null words, decimal commas and date formats, each column by itself", () => {
    const dialect = { separator: ";", decimal: ",", nulls: ["NA", "0,5", ""] } as const;
    const kinds: Kind[] = [
      { kind: "date", format: "%d.%m.%Y" },
      { kind: "date" },
      { kind: "decimal", scale: 1 },
      DOUBLE,
      TEXT,
    ];
    const { columns } = read('29.02.2024;2024-02-29;1,5;0,25;NA\nNA;"NA";0,5;0,5;x\n', kinds, dialect);
    expect(columns).toEqual([
      [19782, null],
      [19782, null],
      [15n, null],
      [0.25, null],
      [null, "x"],
    ]);
    expect(() => read("", [{ kind: "date", format: "%G-%V" }])).toThrow(/%G-%V/);
  });

  it("keeps to a narrower declared type", () => {
    const byte: Kind = { kind: "int", range: { min: -128n, max: 127n } };
    const money: Kind = { kind: "decimal", scale: 2, precision: 5 };
    const float: Kind = { kind: "double", isNarrow: true };
    const text = "-128,999.99,0.1\n007,-999.99,1e300\n,,\n5.0,1,16777217\n128,1000.00,x\n";
    const { columns, misfits } = read(text, [byte, money, float], {}, true);
    expect(columns).toEqual([
      [-128n, 7n, null, 5n, null],
      [99999n, -99999n, null, 100n, null],
      [Math.fround(0.1), Number.POSITIVE_INFINITY, null, 16777216, null],
    ]);
    expect(misfits).toMatchObject([
      { column: 0, row: 104, reason: 2, text: "128" },
      { column: 1, row: 104, reason: 2, text: "1000.00" },
      { column: 2, row: 104, reason: 1, text: "x" },
    ]);
  });

  it("lets JavaScript read the numbers whose rounding is not certain", () => {
    const hard = [
      "9007199254740993.0",
      "4.9e-324",
      "0.1000000000000000055511151231257827021181583404541015625",
      `1${"0".repeat(5000)}`,
      `${"1".repeat(300)}.5`,
    ];
    const { columns } = read(`${hard.map((text) => `1,"${text}"`).join("\n")}\n`, [INT, DOUBLE]);
    expect(columns[1]).toEqual(hard.map(Number));
    const commas = read(`${hard.map((text) => `1,"${text.replace(".", ",")}"`).join("\n")}\n`, [INT, DOUBLE], {
      decimal: ",",
    });
    expect(commas.columns[1]).toEqual(hard.map(Number));
  });

  it("leaves no memory behind", () => {
    const before = kernel.calls.usedBytes();
    read("1,2,x\n", [INT, DOUBLE, TEXT], { nulls: ["NA"] });
    expect(kernel.calls.usedBytes()).toBe(before);
  });
});
