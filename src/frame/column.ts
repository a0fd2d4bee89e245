import { setImmediate as nextTurn } from "node:timers/promises";
import type { DataType } from "./arrow.ts";
import { type Bits, sliceBits } from "./bits.ts";
import { gatherWords } from "./gather-words.ts";
import { exactViewOf } from "./moments.ts";
import { isMoment } from "./types.ts";
import { type View, viewOf, viewToArray } from "./view.ts";

/** Rows taken between two turns of the event loop: about a millisecond. */
const SLICE = 65_536;

export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

export type BigArray = BigInt64Array | BigUint64Array;

/** How a column lies in memory. What the numbers mean follows from the column's type, see `ColumnInput`. */
export interface Storage {
  readonly values: NumberArray | BigArray | readonly unknown[];
  readonly validity?: Bits | undefined;
  readonly dictionary?: readonly unknown[] | undefined;
}

/** A named column of one type, never written to; its storage, its view and its plain values are made when first asked for. */
export class Column {
  readonly name: string;
  readonly type: string;
  /** The Arrow type that it came with, for nested types and times, which their pandas name does not describe. */
  readonly arrowType: DataType | undefined;
  #length: number | (() => number);
  #load: (() => Storage) | undefined;
  #storage: Storage | undefined;
  #view: View | undefined;
  #exactView: View | undefined;
  #array: unknown[] | undefined;

  constructor(
    name: string,
    type: string,
    length: number | (() => number),
    storage: Storage | (() => Storage),
    arrowType?: DataType,
  ) {
    this.name = name;
    this.type = type;
    this.#length = length;
    this.arrowType = arrowType;
    if (typeof storage === "function") this.#load = storage;
    else this.#storage = storage;
  }

  get length(): number {
    if (typeof this.#length === "function") this.#length = this.#length();
    return this.#length;
  }

  get storage(): Storage {
    this.#storage ??= this.#load?.() ?? { values: [] };
    this.#load = undefined;
    return this.#storage;
  }

  /** The form that reductions read. */
  get view(): View {
    this.#view ??= viewOf(this.type, this.length, this.storage);
    return this.#view;
  }

  /** The form that grouping reads, which tells all values apart: see `exactViewOf`. */
  get exactView(): View {
    this.#exactView ??= isMoment(this.type) ? exactViewOf(this.type, this.length, this.storage) : this.view;
    return this.#exactView;
  }

  /** Plain values: numbers, bigints (the whole column), strings, booleans, UTC dates, null. Made once and shared. */
  toArray(): unknown[] {
    this.#array ??= viewToArray(this.view);
    return this.#array;
  }

  named(name: string): Column {
    return name === this.name
      ? this
      : new Column(
          name,
          this.type,
          () => this.length,
          () => this.storage,
          this.arrowType,
        );
  }

  slice(from: number, to: number): Column {
    if (from === 0 && to === this.length) return this;
    return new Column(this.name, this.type, to - from, () => sliceStorage(this.storage, from, to), this.arrowType);
  }

  /** The rows with these numbers, in their order. */
  take(rows: Uint32Array): Column {
    return new Column(this.name, this.type, rows.length, () => takeStorage(this.storage, rows), this.arrowType);
  }
}

function sliceStorage({ values, validity, dictionary }: Storage, from: number, to: number): Storage {
  const part = ArrayBuffer.isView(values) ? values.subarray(from, to) : values.slice(from, to);
  return { values: part as Storage["values"], validity: sliceBits(validity, from, to - from), dictionary };
}

function takeStorage({ values, validity, dictionary }: Storage, rows: Uint32Array): Storage {
  const taken = roomFor(values, rows.length);
  gather(values, rows, taken, 0, rows.length);
  return { values: taken, validity: validity && gatherBits(validity, rows), dictionary };
}

/** The same with turns of the event loop between: of millions of rows each is somewhere else in memory. */
export async function takeInTurns({ storage }: Column, rows: Uint32Array): Promise<Storage> {
  const { values, validity, dictionary } = storage;
  const taken = roomFor(values, rows.length);
  for (let from = 0; from < rows.length; from += SLICE) {
    gather(values, rows, taken, from, Math.min(rows.length, from + SLICE));
    await nextTurn();
  }
  return { values: taken, validity: validity && gatherBits(validity, rows), dictionary };
}

type Room = NumberArray | BigArray | unknown[];

function roomFor(values: Storage["values"], length: number): Room {
  if (!ArrayBuffer.isView(values)) return new Array<unknown>(length);
  return new (values.constructor as new (length: number) => NumberArray | BigArray)(length);
}

function gather(values: Storage["values"], rows: Uint32Array, taken: Room, from: number, to: number): void {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array)
    gatherWords(values, rows, taken as typeof values, from, to);
  else if (ArrayBuffer.isView(values)) gatherNumbers(values as NumberArray, rows, taken as NumberArray, from, to);
  else for (let i = from; i < to; i++) (taken as unknown[])[i] = values[rows[i] as number];
}

function gatherNumbers(values: NumberArray, rows: Uint32Array, taken: NumberArray, from: number, to: number): void {
  for (let i = from; i < to; i++) taken[i] = values[rows[i] as number] as number;
}

function gatherBits(bits: Bits, rows: Uint32Array): Bits | undefined {
  const taken = new Uint8Array((rows.length + 7) >> 3);
  let all = true;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    if ((((bits[row >> 3] as number) >> (row & 7)) & 1) === 1)
      taken[i >> 3] = (taken[i >> 3] as number) | (1 << (i & 7));
    else all = false;
  }
  return all ? undefined : taken;
}
