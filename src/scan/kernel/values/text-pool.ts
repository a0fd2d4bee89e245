// Texts that are kept: one behind the other in segments that never move, each a u32 of its length and then its bytes.
import { alloc, free } from "../memory";

// A pool: u32 newest segment, u32 next free byte, u32 end of the segment, u32 spare, f64 bytes. A segment begins with the address of the one before.
const HEAD: u32 = 24;
const LINK: u32 = 8;
const LEAST_SEGMENT: u32 = 4096;
const LARGEST_SEGMENT: u32 = 1 << 20;

/** 0 when there is no memory. */
export function newPool(): usize {
  const pool = alloc(HEAD);
  if (pool) memory.fill(pool, 0, HEAD);
  return pool;
}

export function poolBytes(pool: usize): f64 {
  return load<f64>(pool, 16);
}

export function freePool(pool: usize): void {
  let segment: usize = load<u32>(pool);
  while (segment) {
    const before: usize = load<u32>(segment);
    free(segment);
    segment = before;
  }
  free(pool);
}

/** Keeps a text and gives its place; 0 when there is no memory. */
export function keepText(pool: usize, from: usize, length: u32): usize {
  const bytes = (4 + length + 7) & ~7;
  let place: usize = load<u32>(pool, 4);
  if (place + bytes > <usize>load<u32>(pool, 8)) {
    // Segments grow with the pool, so that a small one takes little.
    const grown = min(max(<u32>poolBytes(pool), LEAST_SEGMENT), LARGEST_SEGMENT);
    const size = max(grown, bytes + LINK);
    const segment = alloc(size);
    if (!segment) return 0;
    store<u32>(segment, load<u32>(pool));
    store<u32>(pool, <u32>segment);
    store<u32>(pool, <u32>(segment + size), 8);
    store<f64>(pool, poolBytes(pool) + <f64>size, 16);
    place = segment + LINK;
  }
  store<u32>(pool, <u32>(place + bytes), 4);
  store<u32>(place, length);
  memory.copy(place + 4, from, length);
  return place;
}
