import { DataError } from "../../errors.ts";

/** A value of Spark's variant type as the server sends it. */
export interface VariantBytes {
  readonly value: Uint8Array;
  readonly metadata: Uint8Array;
}

/**
 * Reads a variant: null, booleans, numbers (bigints beyond 2^53), strings, UTC dates, bytes, arrays and objects. Decimals become
 * the nearest number.
 */
export function readVariant({ value, metadata }: VariantBytes): unknown {
  return new Reader(value, readNames(metadata)).read(0);
}

function readNames(bytes: Uint8Array): string[] {
  const header = bytes[0] ?? 0;
  if ((header & 0x0f) !== 1) throw unreadable(`version ${header & 0x0f}`);
  const size = (header >> 6) + 1;
  const count = unsigned(bytes, 1, size);
  const offsets = 1 + size;
  const start = offsets + (count + 1) * size;
  return Array.from({ length: count }, (_, i) =>
    text(
      bytes,
      start + unsigned(bytes, offsets + i * size, size),
      start + unsigned(bytes, offsets + (i + 1) * size, size),
    ),
  );
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #names: readonly string[];

  constructor(bytes: Uint8Array, names: readonly string[]) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#names = names;
  }

  read(at: number): unknown {
    const byte = this.#bytes[at] ?? 0;
    const header = byte >> 2;
    if ((byte & 3) === 0) return this.#primitive(header, at + 1);
    if ((byte & 3) === 1) return text(this.#bytes, at + 1, at + 1 + header);
    return (byte & 3) === 2 ? this.#object(header, at + 1) : this.#array(header, at + 1);
  }

  #object(header: number, at: number): Record<string, unknown> {
    const offsetSize = (header & 3) + 1;
    const idSize = ((header >> 2) & 3) + 1;
    const countSize = (header >> 4) & 1 ? 4 : 1;
    const count = unsigned(this.#bytes, at, countSize);
    const ids = at + countSize;
    const offsets = ids + count * idSize;
    const values = offsets + (count + 1) * offsetSize;
    return Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        this.#names[unsigned(this.#bytes, ids + i * idSize, idSize)] ?? "",
        this.read(values + unsigned(this.#bytes, offsets + i * offsetSize, offsetSize)),
      ]),
    );
  }

  #array(header: number, at: number): unknown[] {
    const offsetSize = (header & 3) + 1;
    const countSize = (header >> 2) & 1 ? 4 : 1;
    const count = unsigned(this.#bytes, at, countSize);
    const offsets = at + countSize;
    const values = offsets + (count + 1) * offsetSize;
    return Array.from({ length: count }, (_, i) =>
      this.read(values + unsigned(this.#bytes, offsets + i * offsetSize, offsetSize)),
    );
  }

  #primitive(type: number, at: number): unknown {
    const view = this.#view;
    const read = PRIMITIVES[type];
    if (read) return read(view, at);
    if (type !== BINARY && type !== STRING) throw unreadable(`primitive type ${type}`);
    const end = at + 4 + view.getUint32(at, true);
    return type === STRING ? text(this.#bytes, at + 4, end) : this.#bytes.slice(at + 4, end);
  }
}

const BINARY = 15;
const STRING = 16;

/** By the type numbers of the variant encoding; numbers are little-endian. */
const PRIMITIVES: readonly (((view: DataView, at: number) => unknown) | undefined)[] = [
  () => null,
  () => true,
  () => false,
  (view, at) => view.getInt8(at),
  (view, at) => view.getInt16(at, true),
  (view, at) => view.getInt32(at, true),
  (view, at) => safe(view.getBigInt64(at, true)),
  (view, at) => view.getFloat64(at, true),
  (view, at) => decimal(BigInt(view.getInt32(at + 1, true)), view.getUint8(at)),
  (view, at) => decimal(view.getBigInt64(at + 1, true), view.getUint8(at)),
  (view, at) => decimal((view.getBigInt64(at + 9, true) << 64n) | view.getBigUint64(at + 1, true), view.getUint8(at)),
  (view, at) => new Date(view.getInt32(at, true) * 86_400_000),
  (view, at) => microseconds(view.getBigInt64(at, true)),
  (view, at) => microseconds(view.getBigInt64(at, true)),
  (view, at) => view.getFloat32(at, true),
];

function decimal(unscaled: bigint, scale: number): number {
  return Number(`${unscaled}e-${scale}`);
}

function microseconds(value: bigint): Date {
  return new Date(Math.floor(Number(value) / 1000));
}

function safe(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function unsigned(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

function text(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("utf8");
}

function unreadable(what: string): DataError {
  return new DataError("E_VARIANT", `a variant cannot be read: ${what}`, {
    hint: "take it apart on the server with variant_get() or to_json()",
  });
}
