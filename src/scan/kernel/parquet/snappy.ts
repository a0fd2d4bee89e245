// Pages that were packed by Snappy: stretches of bytes as they are, and references to what was unpacked before.

/** What the kind of a piece, its lowest two bits, means. */
const LITERAL: u32 = 0;
const NEAR: u32 = 1;
const MIDDLE: u32 = 2;
/** Up to so many bytes, lengths of literals are in the first byte. */
const SHORT_LITERAL: u32 = 60;
/** Nearly all pieces are no longer, and are copied whole without a look at how long they are: what is written behind an end is written over, or slack. */
const STEP: u32 = 16;
/** Longer literals are copied by a call. */
const STEPPED: u32 = 64;

/**
 * Unpacks `bytes` into exactly `size`, behind which is slack of 16 bytes; false where they do not come to it. Nothing outside of both is touched, whatever
 * the packed bytes say.
 */
export function unpackSnappy(from: usize, bytes: u32, to: usize, size: u32): bool {
  const end = from + bytes;
  const start = to;
  const stop = to + size;
  let said: u64 = 0;
  for (let shift: u64 = 0; ; shift += 7) {
    if (from >= end || shift > 28) return false;
    const byte = <u64>load<u8>(from++);
    said |= (byte & 127) << shift;
    if (byte < 128) break;
  }
  if (said != <u64>size) return false;
  while (from < end) {
    const tag: u32 = load<u8>(from++);
    const kind = tag & 3;
    if (kind == LITERAL) {
      let count: u32 = (tag >> 2) + 1;
      if (count > SHORT_LITERAL) {
        const more = count - SHORT_LITERAL;
        if (more > <u32>(end - from)) return false;
        count = load<u32>(from) & (0xffffffff >> (32 - (more << 3)));
        if (count == 0xffffffff) return false;
        count++;
        from += more;
      }
      if (count > <u32>(end - from) || count > <u32>(stop - to)) return false;
      if (count <= STEP) copyStep(to, from);
      else if (count <= STEPPED) copySteps(to, from, count);
      else memory.copy(to, from, count);
      from += count;
      to += count;
      continue;
    }
    let count: u32 = (tag >> 2) + 1;
    let distance: u32;
    if (kind == NEAR) {
      count = ((tag >> 2) & 7) + 4;
      distance = ((tag >> 5) << 8) | load<u8>(from);
      from += 1;
    } else if (kind == MIDDLE) {
      distance = load<u16>(from);
      from += 2;
    } else {
      distance = load<u32>(from);
      from += 4;
    }
    if (from > end || distance == 0 || distance > <u32>(to - start) || count > <u32>(stop - to)) return false;
    if (distance >= 8 && count - 4 <= 4) copyFew(to, to - distance, count);
    else if (distance >= 8 && count <= STEP) copyStep(to, to - distance);
    else copyBack(to, distance, count);
    to += count;
  }
  return to == stop;
}

/** Sixteen bytes, of which the second eight may be the first eight of what is written. */
@inline
function copyStep(to: usize, from: usize): void {
  store<u64>(to, load<u64>(from));
  store<u64>(to, load<u64>(from, 8), 8);
}

/**
 * Four to eight bytes, as what comes back of each number is. Two loads that lie within what was stored together are sooner there than one that does not,
 * and a number's last bytes were stored since.
 */
@inline
function copyFew(to: usize, from: usize, count: u32): void {
  const more = count - 4;
  store<u64>(to, <u64>load<u32>(from) | (<u64>load<u32>(from + more) << (<u64>more << 3)));
}

function copySteps(to: usize, from: usize, count: u32): void {
  const end = to + count;
  do {
    copyStep(to, from);
    to += 16;
    from += 16;
  } while (to < end);
}

/** What lies so far back, which may reach into what is written: then it repeats. */
function copyBack(to: usize, distance: u32, count: u32): void {
  if (distance >= STEP) return copySteps(to, to - distance, count);
  const end = to + count;
  let from = to - distance;
  if (distance < 8) {
    // The first eight, byte by byte; from there on a multiple of the distance lies eight back at least.
    for (let i: u32 = 0; i < 8; i++) store<u8>(to + i, load<u8>(from + i));
    if (count <= 8) return;
    from = to + 8 - distance * ((7 + distance) / distance);
    to += 8;
  }
  do {
    store<u64>(to, load<u64>(from));
    to += 8;
    from += 8;
  } while (to < end);
}
