import type { TypedColumn } from "../../query/engine-table.ts";
import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { FieldTable } from "../rows/field-table.ts";
import type { Kind } from "../table.ts";
import type { BlockValues, ColumnReader } from "./columns.ts";
import type { SentColumn } from "./sent-chunk.ts";

/** Rows of one column on their way from blocks to chunks. */
export interface ChunkColumn {
  /** Reads a block's rows, those whose mask is 1 alone; `mask` 0 means all. */
  read(fields: FieldTable, mask: number): void;
  /** Copies rows of the block that was read last behind those that the chunk has already. */
  append(from: number, count: number, at: number): void;
  /** The chunk's column; the next one begins. */
  cut(rows: number): SentColumn;
  free(): void;
}

interface ColumnConstructor<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, offset: number, length: number): T;
}

type TypedConstructor = ColumnConstructor<TypedColumn>;

/** Columns of numbers, days, moments and truth values. */
export class TypedChunkColumn implements ChunkColumn {
  readonly #kernel: Kernel;
  readonly #reader: ColumnReader;
  readonly #rows: number;
  readonly #make: TypedConstructor;
  readonly #missing: MissingRows;
  /** Where decimals are turned into doubles; else 0. */
  readonly #doubles: number;
  readonly #hard: number;
  #block: BlockValues | undefined;
  #values: TypedColumn;

  constructor(kernel: Kernel, arena: Arena, reader: ColumnReader, rows: number, maxRows: number) {
    this.#kernel = kernel;
    this.#reader = reader;
    this.#rows = rows;
    this.#make = constructorOf(reader.kind);
    this.#values = blankColumn(this.#make, rows);
    this.#missing = new MissingRows(kernel, arena, rows);
    const isDecimal = reader.kind.kind === "decimal" && this.#make === Float64Array;
    this.#doubles = isDecimal ? arena.take(Math.max(1, 8 * maxRows)) : 0;
    this.#hard = isDecimal ? arena.take(Math.max(1, 4 * maxRows)) : 0;
  }

  read(fields: FieldTable, mask: number): void {
    this.#block = keptOf(this.#kernel, this.#reader.parse(fields), this.#reader.width, mask);
    if (this.#doubles !== 0) this.#toDoubles(this.#block);
  }

  append(from: number, count: number, at: number): void {
    const { values, valid } = this.#block as BlockValues;
    const { buffer } = this.#kernel.calls.memory;
    const source = this.#doubles || values;
    const { width } = this.#reader;
    copyValues(buffer, source + from * width, width, count, this.#values, at);
    if (valid !== 0) this.#missing.append(valid + from, count, at);
  }

  cut(rows: number): SentColumn {
    const values = rows === this.#rows ? this.#values : this.#values.slice(0, rows);
    this.#values = blankColumn(this.#make, this.#rows);
    return { values, validity: this.#missing.cut(rows), texts: undefined };
  }

  free(): void {
    this.#reader.free();
  }

  /** The nearest doubles; JavaScript finds those that the kernel is not sure of. */
  #toDoubles({ values, rows }: BlockValues): void {
    const { calls } = this.#kernel;
    const { kind } = this.#reader;
    if (kind.kind !== "decimal") return;
    calls.decimalsToDoubles(values, rows, kind.scale, this.#doubles, this.#hard);
    const count = calls.hardRows.value;
    if (count === 0) return;
    const { buffer } = calls.memory;
    const [exact, doubles] = [new BigInt64Array(buffer, values, rows), new Float64Array(buffer, this.#doubles, rows)];
    for (const row of new Uint32Array(buffer, this.#hard, count)) doubles[row] = Number(`${exact[row]}e-${kind.scale}`);
  }
}

/** Room for values that are all yet to be written: nothing clears it first. */
export function blankColumn<T>(make: ColumnConstructor<T>, rows: number): T {
  return new make(Buffer.allocUnsafeSlow(rows * make.BYTES_PER_ELEMENT).buffer as ArrayBuffer, 0, rows);
}

/** A block's rows that passed the tests, moved together in place. */
export function keptOf(kernel: Kernel, block: BlockValues, width: number, mask: number): BlockValues {
  if (mask === 0) return block;
  const { calls } = kernel;
  const rows = calls.keepValues(block.values, width, mask, block.rows, block.values);
  if (block.valid !== 0) calls.keepValues(block.valid, 1, mask, block.rows, block.valid);
  return { ...block, rows };
}

/** Which rows of a chunk are missing: a bitmap in the kernel's memory, made with the first of them. */
export class MissingRows {
  readonly #kernel: Kernel;
  readonly #arena: Arena;
  readonly #bytes: number;
  #bits = 0;
  /** Some block of the chunk has brought flags. */
  #isBegun = false;
  #missing = 0;

  constructor(kernel: Kernel, arena: Arena, rows: number) {
    this.#kernel = kernel;
    this.#arena = arena;
    this.#bytes = bitmapBytes(rows);
  }

  /** Takes flags of rows, a byte each, from an address. It may let the kernel's memory grow. */
  append(flags: number, count: number, at: number): void {
    if (this.#bits === 0) this.#bits = this.#arena.take(Math.max(1, this.#bytes));
    if (!this.#isBegun) this.#kernel.bytes.fill(0xff, this.#bits, this.#bits + this.#bytes);
    this.#isBegun = true;
    this.#missing += this.#kernel.calls.packFlags(flags, count, this.#bits, at);
  }

  /** The bitmap of the rows so far; undefined when none is missing. */
  cut(rows: number): Uint8Array<ArrayBuffer> | undefined {
    const missing = this.#missing;
    this.#isBegun = false;
    this.#missing = 0;
    if (missing === 0) return undefined;
    const bytes = bitmapBytes(rows);
    const bits = new Uint8Array(this.#kernel.bytes.subarray(this.#bits, this.#bits + bytes));
    bits[bytes - 1] = (bits[bytes - 1] as number) & (0xff >> (8 * bytes - rows));
    return bits;
  }
}

function bitmapBytes(rows: number): number {
  return (rows + 7) >> 3;
}

const INTEGERS: Readonly<Record<string, TypedConstructor>> = {
  "-128": Int8Array,
  "-32768": Int16Array,
  "-2147483648": Int32Array,
  "255": Uint8Array,
  "65535": Uint16Array,
  "4294967295": Uint32Array,
};

function constructorOf(kind: Kind): TypedConstructor {
  switch (kind.kind) {
    case "int": {
      const { min, max } = kind.range ?? { min: 0n, max: 0n };
      return INTEGERS[String(min < 0n ? min : max)] ?? BigInt64Array;
    }
    case "decimal":
      return kind.precision === undefined ? Float64Array : BigInt64Array;
    case "double":
      return kind.isNarrow ? Float32Array : Float64Array;
    case "bool":
      return Uint8Array;
    case "date":
    case "text":
      return Int32Array;
    case "timestamp":
      return BigInt64Array;
  }
}

function copyValues(
  buffer: ArrayBuffer,
  from: number,
  width: number,
  count: number,
  target: TypedColumn,
  at: number,
): void {
  if (target instanceof Float32Array) target.set(new Float64Array(buffer, from, count), at);
  else if (width === target.BYTES_PER_ELEMENT) {
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    bytes.set(new Uint8Array(buffer, from, count * width), at * width);
  } else {
    // Of a narrower integer the lower word is all there is.
    const words = new Int32Array(buffer, from, count * 2);
    for (let i = 0; i < count; i++) target[at + i] = words[2 * i] as number;
  }
}
