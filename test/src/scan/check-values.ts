import { Arena } from "../../../src/scan/arena.ts";
import type { Kernel } from "../../../src/scan/kernel.ts";
import { BlockReader } from "../../../src/scan/rows/blocks.ts";
import { RowFault } from "../../../src/scan/rows/row-fault.ts";
import type { ScanTable } from "../../../src/scan/table.ts";
import { ColumnReader } from "../../../src/scan/values/columns.ts";
import { bytesOf, type ScanCase } from "./generate.ts";
import { sourceOf } from "./read-fields.ts";
import type { Cell } from "./reference.ts";
import { readAsTyped } from "./reference-misfits.ts";
import { ReferenceFault } from "./reference-rows.ts";

/** Where the values that the readers of the columns give, or their first misfits, are not those of the reference. */
export function differenceInValues(kernel: Kernel, one: ScanCase, blockBytes: number): object | undefined {
  const body = bytesOf({ ...one, head: "" });
  if (body.length === 0) return undefined;
  try {
    const expected = readAsTyped(body, one);
    const found = readBlocks(kernel, body, one, blockBytes);
    for (const [c, { values, misfit }] of expected.entries()) {
      const column = one.columns[c];
      const same = (a: Cell, b: Cell) => Object.is(a, b) || (a === 0 && b === 0);
      const row = values.findIndex((value, i) => !same(value, found[c]?.values[i] ?? null));
      const other = found[c]?.misfit;
      if (misfit?.row !== other?.row) return { blockBytes, column, found: other, expected: misfit };
      if (row >= 0)
        return { blockBytes, column, row, found: written(found[c]?.values[row]), expected: written(values[row]) };
    }
    return undefined;
  } catch (failure) {
    // Rows that cannot be read are another check's.
    if (failure instanceof ReferenceFault || failure instanceof RowFault) return undefined;
    throw failure;
  }
}

function written(value: unknown): string {
  return typeof value === "bigint" ? `${value}n` : Object.is(value, -0) ? "-0" : (JSON.stringify(value) ?? "nothing");
}

function readBlocks(kernel: Kernel, body: Uint8Array, { dialect, columns }: ScanCase, blockBytes: number) {
  const arena = new Arena(kernel);
  const table: ScanTable = { label: "case", format: "csv", compression: undefined, files: [], dialect, columns };
  const blocks = new BlockReader(kernel, dialect, columns.length, { blockBytes });
  const readers = columns.map((_, i) => new ColumnReader(kernel, arena, table, i, blocks.maxRows));
  try {
    const values: Cell[][] = columns.map(() => []);
    blocks.read(sourceOf(body), (fields) => {
      for (const [c, reader] of readers.entries()) {
        const { values: from, valid, rows } = reader.parse(fields);
        const view = new DataView(kernel.bytes.buffer);
        for (let row = 0; row < rows; row++) {
          const isNull = valid !== 0 && view.getUint8(valid + row) === 0;
          values[c]?.push(isNull ? null : valueAt(view, reader, from + row * reader.width));
        }
      }
    });
    return readers.map((reader, c) => ({
      values: reader.dictionary === 0 ? (values[c] ?? []) : textsOf(kernel, reader, values[c] ?? []),
      misfit: reader.misfit,
    }));
  } finally {
    for (const reader of readers) reader.free();
    blocks.free();
    arena.free();
  }
}

function valueAt(view: DataView, { kind }: ColumnReader, at: number): Cell {
  switch (kind.kind) {
    case "double":
      return view.getFloat64(at, true);
    case "bool":
      return view.getUint8(at) === 1;
    case "date":
      return view.getInt32(at, true);
    case "text":
      return view.getUint32(at, true);
    default:
      return view.getBigInt64(at, true);
  }
}

/** Codes as the texts that they stand for. */
function textsOf(kernel: Kernel, { dictionary }: ColumnReader, codes: readonly Cell[]): Cell[] {
  const arena = new Arena(kernel);
  const size = kernel.calls.dictSize(dictionary);
  const offsets = arena.take(4 * (size + 1));
  const bytes = arena.take(Math.max(1, kernel.calls.dictBytes(dictionary)));
  kernel.calls.dictExport(dictionary, 0, size, 0, offsets, bytes);
  const view = new DataView(kernel.bytes.buffer);
  const texts = Array.from({ length: size }, (_, code) => {
    const [from, to] = [view.getUint32(offsets + 4 * code, true), view.getUint32(offsets + 4 * code + 4, true)];
    return Buffer.from(kernel.bytes.subarray(bytes + from, bytes + to)).toString();
  });
  arena.free();
  return codes.map((code) => (code === null ? null : (texts[code as number] ?? null)));
}
