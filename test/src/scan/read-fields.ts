import type { Kernel } from "../../../src/scan/kernel.ts";
import { type BlockOptions, BlockReader, type ByteRange, type ReadResult } from "../../../src/scan/rows/blocks.ts";
import type { FieldTable } from "../../../src/scan/rows/field-table.ts";
import type { ByteSource } from "../../../src/scan/rows/text-buffer.ts";
import type { Dialect } from "../../../src/scan/table.ts";

export const COMMAS: Dialect = {
  separator: ",",
  quote: '"',
  escape: '"',
  newline: "lf",
  header: false,
  skip: 0,
  encoding: "utf-8",
  decimal: ".",
  nulls: [],
  ragged: "error",
};

export interface RawRows extends ReadResult {
  /** Each field as it stands in the text, quotes included. */
  readonly fields: string[][];
}

export interface ReadFieldsOptions extends BlockOptions, ByteRange {
  /** Bytes that the source yields at most at a time. */
  readonly sip?: number;
  /** Where the rows go, so that those before a fault are seen. */
  readonly into?: string[][];
  /** Where the numbers of the rows go. */
  readonly numbers?: number[];
}

/** Reads bytes (those from `start` on, when it is given) and gives every field as text. */
export function readFields(
  kernel: Kernel,
  bytes: Uint8Array,
  dialect: Dialect,
  columns: number,
  options: ReadFieldsOptions = {},
): RawRows {
  const reader = new BlockReader(kernel, dialect, columns, options);
  const fields = options.into ?? [];
  try {
    const source = sourceOf(bytes.subarray(options.start ?? 0), options.sip);
    const result = reader.read(
      source,
      (table) => {
        fields.push(...textsOf(kernel, table, columns));
        for (let row = 0; row < table.rows; row++) options.numbers?.push(table.numberOf(row));
      },
      options,
    );
    return { ...result, fields };
  } finally {
    reader.free();
  }
}

export function sourceOf(bytes: Uint8Array, sip = Number.POSITIVE_INFINITY): ByteSource {
  let at = 0;
  return {
    read(into) {
      const piece = bytes.subarray(at, at + Math.min(into.length, sip));
      into.set(piece);
      at += piece.length;
      return piece.length;
    },
  };
}

export function textsOf(kernel: Kernel, table: FieldTable, columns: number): string[][] {
  const { bytes } = kernel;
  const entries = new DataView(bytes.buffer);
  return Array.from({ length: table.rows }, (_, row) =>
    Array.from({ length: columns }, (_, index) => {
      const { starts, ends, stride, skip } = table.column(index);
      const start = entries.getUint32(starts + row * stride, true) + skip;
      const end = entries.getUint32(ends + row * stride, true);
      return Buffer.from(bytes.subarray(start, end)).toString("latin1");
    }),
  );
}
