// Which rows have a value, as Arrow keeps it: a bit a row, the lowest of a byte first.

/** Brings the lowest bit of each of eight bytes to a bit of its own above all else. */
const GATHER: u64 = 0x0102040810204080;

/** Writes flags (a byte a row, 0 or 1) as the bits of a bitmap from number `at` on; gives how many of them are 0. */
export function packFlags(flags: usize, count: i32, bits: usize, at: i32): i32 {
  let ones = 0;
  let row = 0;
  for (; row < count && (at & 7) != 0; row++, at++) ones += setBit(bits, at, load<u8>(flags + row));
  for (; row + 8 <= count; row += 8, at += 8) {
    const eight = <u8>((load<u64>(flags + row) * GATHER) >> 56);
    store<u8>(bits + (at >> 3), eight);
    ones += popcnt<i32>(eight);
  }
  for (; row < count; row++, at++) ones += setBit(bits, at, load<u8>(flags + row));
  return count - ones;
}

function setBit(bits: usize, at: i32, flag: u32): i32 {
  const place = bits + (at >> 3);
  const bit: u32 = at & 7;
  store<u8>(place, (<u32>load<u8>(place) & ~(1 << bit)) | (flag << bit));
  return flag;
}
