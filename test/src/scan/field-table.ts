import { compileKernel, Kernel, type KernelBuild } from "../../../src/scan/kernel.ts";

/** Where the fields of one column lie in a kernel's memory. */
export interface Fields {
  readonly starts: number;
  readonly skip: number;
  readonly ends: number;
  readonly stride: number;
  readonly rows: number;
}

const QUOTE = 34;

/** An instance with doubled quotes and commas. */
export async function newKernel(build: KernelBuild = "checked"): Promise<Kernel> {
  const kernel = new Kernel(await compileKernel(build));
  kernel.calls.setDialect(44, QUOTE, QUOTE, 0, 1, 0);
  return kernel;
}

/** Puts fields as they stand in a file, quotes and all, into a kernel. The memory is never given back: a test's is small. */
export function putFields(kernel: Kernel, texts: readonly string[]): Fields {
  const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(""));
  const block = kernel.calls.alloc(bytes.length);
  const positions = kernel.calls.alloc(4 * (texts.length + 1));
  kernel.bytes.set(bytes, block);
  const table = new Uint32Array(kernel.bytes.buffer, positions, texts.length + 1);
  let at = block;
  table[0] = block - 1;
  texts.forEach((text, i) => {
    at += Buffer.byteLength(text);
    table[i + 1] = at++;
  });
  return { starts: positions, skip: 1, ends: positions + 4, stride: 4, rows: texts.length };
}

/** Null words for the value functions. */
export function setNullWords(kernel: Kernel, words: readonly string[]): void {
  const parts = words.map((word) => {
    const bytes = Buffer.from(word);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return Buffer.concat([length, bytes]);
  });
  const list = Buffer.concat(parts);
  const place = kernel.calls.alloc(Math.max(1, list.length));
  kernel.bytes.set(list, place);
  kernel.calls.setNulls(place, words.length);
}

type Values = BigInt64Array | Float64Array | Uint8Array | Int32Array | Uint32Array;
type Parse = (fields: Fields, out: number, valid: number) => number;

/** Runs a value function and gives the column with null for what is missing. */
export function readColumn<T extends Values>(
  kernel: Kernel,
  texts: readonly string[],
  make: { new (buffer: ArrayBuffer, at: number, length: number): T; readonly BYTES_PER_ELEMENT: number },
  parse: Parse,
): (T[number] | null)[] {
  const fields = putFields(kernel, texts);
  const out = kernel.calls.alloc(Math.max(1, fields.rows * make.BYTES_PER_ELEMENT));
  const valid = kernel.calls.alloc(Math.max(1, fields.rows));
  const nulls = parse(fields, out, valid);
  const values = new make(kernel.bytes.buffer as ArrayBuffer, out, fields.rows);
  const flags = kernel.bytes.subarray(valid, valid + fields.rows);
  const column = Array.from({ length: fields.rows }, (_, i) => (flags[i] ? (values[i] as T[number]) : null));
  if (column.filter((value) => value === null).length !== nulls) throw new RangeError(`${nulls} nulls were told`);
  return column;
}
