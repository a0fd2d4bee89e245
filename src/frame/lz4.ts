import { DataError } from "../errors.ts";
import { type Stepwise, stepping, whole } from "../stepwise.ts";

const MAGIC = 0x184d2204;
const BLOCK_SIZES = [0, 0, 0, 0, 2 ** 16, 2 ** 18, 2 ** 20, 2 ** 22] as const;

/**
 * Unpacks LZ4 frames, which is how pandas and R write Feather files. Checksums are not looked at: a damaged block does not
 * unpack to its length.
 *
 * @throws {DataError} E_DAMAGED_FILE
 */
export function unpackLz4(packed: Uint8Array): Uint8Array {
  return whole(unpack(packed));
}

/** The same with a pause after each block, of which the largest have four megabytes. */
export function unpackLz4InTurns(packed: Uint8Array, pause: () => Promise<void>): Promise<Uint8Array> {
  return stepping(unpack(packed), pause);
}

function* unpack(packed: Uint8Array): Stepwise<Uint8Array> {
  const input = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const output = new Output(packed.length * 3);
  try {
    for (let at = 0; at < packed.length; ) at = yield* readFrame(input, packed, at, output);
  } catch (cause) {
    if (cause instanceof RangeError) throw damaged(cause);
    throw cause;
  }
  return output.bytes.subarray(0, output.length);
}

/** What was unpacked so far, with room for the next block. */
class Output {
  bytes: Uint8Array;
  length = 0;

  constructor(room: number) {
    this.bytes = new Uint8Array(room);
  }

  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.length + count, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

/** Gives the place behind the frame. */
function* readFrame(input: DataView, packed: Uint8Array, start: number, output: Output): Stepwise<number> {
  if (input.getUint32(start, true) !== MAGIC) throw damaged();
  const flags = input.getUint8(start + 4);
  const largest = BLOCK_SIZES[(input.getUint8(start + 5) >> 4) & 7] ?? 0;
  const [hasBlockSum, hasSize, hasSum, hasDictionary] = [flags & 16, flags & 8, flags & 4, flags & 1];
  if (flags >> 6 !== 1 || largest === 0 || hasDictionary) throw damaged();
  let at = start + 6 + (hasSize ? 8 : 0) + 1;
  for (;;) {
    const header = input.getUint32(at, true);
    at += 4;
    if (header === 0) return at + (hasSum ? 4 : 0);
    const length = header & 0x7fff_ffff;
    if (at + length > packed.length) throw damaged();
    output.reserve(largest);
    const block = packed.subarray(at, at + length);
    if (header >>> 31) {
      output.bytes.set(block, output.length);
      output.length += length;
    } else output.length = unpackBlock(block, output.bytes, output.length, output.length + largest);
    at += length + (hasBlockSum ? 4 : 0);
    yield;
  }
}

/** Gives the end of what was unpacked; matches may reach back into blocks before. */
function unpackBlock(block: Uint8Array, target: Uint8Array, start: number, end: number): number {
  let [at, to] = [0, start];
  while (at < block.length) {
    const token = block[at++] as number;
    let literals = token >> 4;
    if (literals === 15) for (let more = 255; more === 255; literals += more) more = block[at++] ?? 0;
    if (at + literals > block.length || to + literals > end) throw damaged();
    // Copying few bytes by a loop is faster than by a call.
    if (literals > 32) target.set(block.subarray(at, at + literals), to);
    else for (let i = 0; i < literals; i++) target[to + i] = block[at + i] as number;
    at += literals;
    to += literals;
    if (at >= block.length) return to;
    const distance = (block[at] as number) | ((block[at + 1] ?? 0) << 8);
    at += 2;
    let length = (token & 15) + 4;
    if (length === 19) for (let more = 255; more === 255; length += more) more = block[at++] ?? 0;
    if (distance === 0 || distance > to || to + length > end) throw damaged();
    if (distance >= length && length > 32) target.copyWithin(to, to - distance, to - distance + length);
    // Byte by byte: a match may overlap what it writes.
    else for (let i = 0; i < length; i++) target[to + i] = target[to + i - distance] as number;
    to += length;
  }
  return to;
}

function damaged(cause?: unknown): DataError {
  return new DataError("E_DAMAGED_FILE", "a part that is packed with LZ4 does not unpack", {
    cause,
    hint: "fetch or write the file again",
  });
}
