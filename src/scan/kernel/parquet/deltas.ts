// Whole numbers as what each is more than the one before: blocks with a least difference, in parts of as many bits as the largest needs beyond it.

/** Where a reader of differences is; its address is the handle that TypeScript holds. */
@unmanaged
class Deltas {
  at: usize;
  end: usize;
  /** Parts of a block, and values of a part. */
  parts: u32;
  perPart: u32;
  /** Values that are left in all, and of the part. */
  left: u64;
  inPart: u32;
  /** Which part of the block is next, and where their widths stand. */
  part: u32;
  widths: usize;
  width: u32;
  bit: u64;
  least: i64;
  /** The value that comes next is known once there is a first one. */
  value: i64;
  isFirst: bool;
}

/** Parts of a block that any writer makes. */
const MOST_PARTS: u64 = 512;
const MOST_VALUES: u64 = 0x10000;

/** Set by `varint` where there was none. */
let isCut: bool = false;

/** Begins to read; false where the head is none. */
export function startDeltas(handle: usize, at: usize, end: usize): bool {
  const deltas = changetype<Deltas>(handle);
  deltas.at = at;
  deltas.end = end;
  isCut = false;
  const block = varint(deltas);
  const parts = varint(deltas);
  deltas.left = varint(deltas);
  deltas.value = signed(varint(deltas));
  deltas.isFirst = true;
  deltas.inPart = 0;
  if (isCut || parts == 0 || parts > MOST_PARTS || block > MOST_VALUES || block % parts != 0) return false;
  const perPart = block / parts;
  if (perPart == 0 || (perPart & 7) != 0) return false;
  deltas.parts = <u32>parts;
  deltas.perPart = <u32>perPart;
  deltas.part = <u32>parts;
  return true;
}

/** The next values, of 8 bytes each, or of 32 bits in 8 bytes; false where there are not so many. */
export function takeDeltas(handle: usize, count: u32, isNarrow: bool, out: usize): bool {
  const deltas = changetype<Deltas>(handle);
  if (<u64>count > deltas.left) return false;
  deltas.left -= count;
  let done: u32 = 0;
  if (deltas.isFirst && count > 0) {
    deltas.isFirst = false;
    store<i64>(out, deltas.value);
    done = 1;
  }
  while (done < count) {
    if (deltas.inPart == 0 && !nextPart(deltas)) return false;
    const some = min(count - done, deltas.inPart);
    unpack(deltas, some, out + (<usize>done << 3));
    done += some;
  }
  if (isNarrow) for (let i: u32 = 0; i < count; i++) store<i64>(out + (i << 3), load<i32>(out + (i << 3)));
  return true;
}

function nextPart(deltas: Deltas): bool {
  if (deltas.part == deltas.parts) {
    isCut = false;
    deltas.least = signed(varint(deltas));
    if (isCut || <usize>deltas.parts > deltas.end - deltas.at) return false;
    deltas.widths = deltas.at;
    deltas.at += deltas.parts;
    deltas.part = 0;
  }
  deltas.width = load<u8>(deltas.widths + deltas.part++);
  deltas.bit = 0;
  deltas.inPart = deltas.perPart;
  // A part is as long as it is also where it is the last, and has fewer values.
  return deltas.width <= 64 && (<u64>deltas.perPart * deltas.width) >> 3 <= <u64>(deltas.end - deltas.at);
}

function unpack(deltas: Deltas, count: u32, out: usize): void {
  const at = deltas.at;
  const width = <u64>deltas.width;
  const least = deltas.least;
  let value = deltas.value;
  let bit = deltas.bit;
  if (width <= 56) {
    const mask: u64 = ((<u64>1) << width) - 1;
    for (let i: u32 = 0; i < count; i++, bit += width) {
      value += least + <i64>((load<u64>(at + <usize>(bit >> 3)) >> (bit & 7)) & mask);
      store<i64>(out + (i << 3), value);
    }
  } else {
    for (let i: u32 = 0; i < count; i++, bit += width) {
      value += least + <i64>wideBits(at + <usize>(bit >> 3), bit & 7, width);
      store<i64>(out + (i << 3), value);
    }
  }
  deltas.value = value;
  deltas.bit = bit;
  deltas.inPart -= count;
  if (deltas.inPart == 0) deltas.at += <usize>((<u64>deltas.perPart * width) >> 3);
}

/** 57 to 64 bits, which may lie in nine bytes. */
function wideBits(at: usize, shift: u64, width: u64): u64 {
  const low = load<u64>(at) >> shift;
  const high = shift == 0 ? 0 : <u64>load<u8>(at, 8) << (64 - shift);
  return (low | high) & (width == 64 ? u64.MAX_VALUE : ((<u64>1) << width) - 1);
}

function varint(deltas: Deltas): u64 {
  let value: u64 = 0;
  for (let shift: u64 = 0; shift < 70; shift += 7) {
    if (deltas.at >= deltas.end) break;
    const byte = <u64>load<u8>(deltas.at++);
    value |= (byte & 127) << shift;
    if (byte < 128) return value;
  }
  isCut = true;
  return 0;
}

@inline
function signed(zigzag: u64): i64 {
  return <i64>(zigzag >> 1) ^ -(<i64>(zigzag & 1));
}
