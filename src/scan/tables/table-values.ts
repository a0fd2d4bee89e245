import { arrow, type Data, type DataType } from "../../frame/arrow.ts";
import type { Kernel } from "../kernel.ts";
import type { Kind } from "../table.ts";
import { kindOfArrow } from "./arrow-kinds.ts";
import { requireLength } from "./table-block.ts";

/** Addresses in the kernel's memory for a block of a column. */
export interface Places {
  readonly values: number;
  readonly valid: number;
  readonly scratch: number;
}

/** Lays rows of Arrow data down; what stands where a value is missing does not matter. False where a value does not fit. */
export type Lay = (data: Data, from: number, rows: number, places: Places) => boolean;

/** How data of an Arrow type become values of a kind; undefined where they are no values of it. */
export function layerOf(kernel: Kernel, kind: Kind, type: DataType): Lay | undefined {
  const { DataType } = arrow();
  const found = kindOfArrow(type);
  switch (kind.kind) {
    case "int":
      return DataType.isInt(type) && isWithin(found, kind) ? wholes(kernel, type) : undefined;
    case "double":
      if (DataType.isInt(type)) return kind.isNarrow ? undefined : wholesAsDoubles(kernel, type);
      if (found?.kind !== "double" || (kind.isNarrow && !found.isNarrow)) return undefined;
      return found.isNarrow ? floats(kernel) : copied(kernel);
    case "decimal":
      if (!DataType.isDecimal(type) || found?.kind !== "decimal" || found.scale !== kind.scale) return undefined;
      return decimals(kernel, type.bitWidth);
    case "bool":
      return found?.kind === "bool" ? bits(kernel) : undefined;
    case "date":
      return found?.kind === "date" ? copied(kernel) : undefined;
    case "timestamp":
      if (found?.kind !== "timestamp" || found.zoned !== kind.zoned) return undefined;
      return moments(kernel, DataType.isTimestamp(type) ? type.unit : 1);
    case "text":
      return undefined;
  }
}

/** A narrower type in some of the rows is no matter. */
function isWithin(found: Kind | undefined, kind: Kind): boolean {
  if (found?.kind !== "int" || kind.kind !== "int") return false;
  if (kind.range === undefined) return found.range === undefined || found.range.max < 2n ** 63n;
  return found.range !== undefined && found.range.min >= kind.range.min && found.range.max <= kind.range.max;
}

/** Numbers lie in Arrow's memory as they do in the kernel's. */
function copied(kernel: Kernel): Lay {
  return (data, from, rows, { values }) => {
    copy(kernel, data, from, rows, values);
    return true;
  };
}

function copy(kernel: Kernel, { values, stride }: Data, from: number, rows: number, at: number): void {
  const { buffer, byteOffset, BYTES_PER_ELEMENT } = values as Int32Array;
  const bytes = BYTES_PER_ELEMENT * stride;
  requireLength(values.length, (from + rows) * stride);
  kernel.bytes.set(new Uint8Array(buffer, byteOffset + from * bytes, rows * bytes), at);
}

function wholes(kernel: Kernel, { bitWidth, isSigned }: { bitWidth: number; isSigned: boolean }): Lay {
  if (bitWidth === 64) return copied(kernel);
  return (data, from, rows, { values, scratch }) => {
    copy(kernel, data, from, rows, scratch);
    kernel.calls.widenWholes(scratch, bitWidth / 8, isSigned, rows, values);
    return true;
  };
}

function wholesAsDoubles(kernel: Kernel, type: { bitWidth: number; isSigned: boolean }): Lay {
  const lay = wholes(kernel, type);
  return (data, from, rows, places) => {
    lay(data, from, rows, places);
    kernel.calls.wholesToDoubles(places.values, rows);
    return type.isSigned || type.bitWidth < 64;
  };
}

function floats(kernel: Kernel): Lay {
  return (data, from, rows, { values, scratch }) => {
    copy(kernel, data, from, rows, scratch);
    kernel.calls.widenFloats(scratch, rows, values);
    return true;
  };
}

function decimals(kernel: Kernel, bitWidth: number): Lay {
  if (bitWidth < 128) return wholes(kernel, { bitWidth, isSigned: true });
  return (data, from, rows, { values, valid, scratch }) => {
    copy(kernel, data, from, rows, scratch);
    return Boolean(kernel.calls.narrowWholes(scratch, valid, rows, values));
  };
}

function bits(kernel: Kernel): Lay {
  return ({ values, offset }, from, rows, places) => {
    const first = offset + from;
    requireLength((values as Uint8Array).length, (first + rows + 7) >> 3);
    kernel.bytes.set((values as Uint8Array).subarray(first >> 3, (first + rows + 7) >> 3), places.scratch);
    kernel.calls.unpackBits(places.scratch, first & 7, rows, places.values);
    return true;
  };
}

/** To a microsecond, and from units that are finer downwards, as the general engine has them. */
function moments(kernel: Kernel, unit: number): Lay {
  const [factor = 1, divisor = 1] = [[1_000_000], [1000], [], [1, 1000]][unit] ?? [];
  return (data, from, rows, { values, valid }) => {
    copy(kernel, data, from, rows, values);
    kernel.calls.clearMissing(values, 8, valid, rows);
    if (divisor > 1) kernel.calls.divideWholes(values, divisor, rows);
    return factor === 1 || Boolean(kernel.calls.multiplyWholes(values, factor, rows));
  };
}
