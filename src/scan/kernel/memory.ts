// The kernel's memory: blocks that are 64-byte aligned, with 64 bytes of room on either side, so that vector loads may look
// past an end. Freed blocks are kept by size; memory that the module has taken is never given back.

/** Bytes around each block that belong to nobody. */
const GUARD: u32 = 64;
/** What guard zones hold in a debug build. */
const CANARY: u64 = 0xdeadbeefcafef00d;
const CLASSES: i32 = 32;
const PAGE: u64 = 65536;

/** Head of the list of free blocks for each power of two. */
const freeLists: usize = memory.data(CLASSES * 4);
/** Every block that was ever taken, for the check of guard zones. */
let newest: usize = 0;
const bottom: usize = (__heap_base + 63) & ~63;
let top: usize = bottom;
let limit: f64 = 4294901760;
let used: f64 = 0;

/** Bytes that the kernel may take in all, blocks that were given back included. */
export function setLimit(bytes: f64): void {
  limit = min(bytes, 4294901760);
}

/** Bytes that the kernel has taken, which is what it costs the process. */
export function takenBytes(): f64 {
  return <f64>(top - bottom);
}

/** Bytes of the blocks that are in use. */
export function usedBytes(): f64 {
  return used;
}

/** A block of at least `bytes`, not cleared; 0 when the limit forbids it. */
export function alloc(bytes: u32): usize {
  if (bytes > 0x80000000) return 0;
  const order = orderOf(bytes);
  const size: u32 = 1 << order;
  const list = freeLists + (order << 2);
  let block: usize = load<u32>(list);
  if (block) store<u32>(list, load<u32>(block));
  else {
    block = carve(size);
    if (!block) return 0;
  }
  store<u32>(block - GUARD + 32, order);
  used += <f64>size;
  return block;
}

/** Gives a block back for later ones of its size; 0 is nothing. */
export function free(block: usize): void {
  if (!block) return;
  const order = load<u32>(block - GUARD + 32);
  const list = freeLists + (order << 2);
  used -= <f64>(1 << order);
  store<u32>(block, load<u32>(list));
  store<u32>(list, <u32>block);
}

/** A larger block with the first `kept` bytes of an older one, which is given back; 0 when the limit forbids it, and then the older one stays. */
export function regrow(block: usize, kept: u32, bytes: u32): usize {
  const larger = alloc(bytes);
  if (!larger) return 0;
  if (block) {
    memory.copy(larger, block, kept);
    free(block);
  }
  return larger;
}

/** Debug builds: address of the first block whose guard zone was written to, 0 when all are whole. */
export function brokenGuard(): usize {
  let block = newest;
  while (block) {
    const size: usize = 1 << load<u32>(block - GUARD + 32);
    for (let at: usize = 0; at < 24; at += 8) if (load<u64>(block - 24 + at) != CANARY) return block;
    for (let at: usize = 0; at < GUARD; at += 8) if (load<u64>(block + size + at) != CANARY) return block;
    block = load<u32>(block - GUARD + 36);
  }
  return 0;
}

/** Block layout: 28 free bytes, then at -32 its order, at -28 the block before, at -24 a guard of 24 bytes, the data, a guard of 64 bytes. */
function carve(size: u32): usize {
  const block = top + GUARD;
  const end: u64 = <u64>block + size + GUARD;
  if (<f64>(end - <u64>bottom) > limit) return 0;
  const have: u64 = (<u64>memory.size()) * PAGE;
  if (end > have && !grow(<i32>((end - have + PAGE - 1) / PAGE))) return 0;
  top = <usize>end;
  store<u32>(block - GUARD + 32, 31 - clz(size));
  store<u32>(block - GUARD + 36, <u32>newest);
  newest = block;
  for (let at: usize = 0; at < 24; at += 8) store<u64>(block - 24 + at, CANARY);
  for (let at: usize = 0; at < GUARD; at += 8) store<u64>(block + size + at, CANARY);
  return block;
}

/**
 * At least so many pages, and an eighth of what is there: each step makes a new buffer of the whole in JavaScript, whose collector runs for what it
 * takes to be that much more. Pages that nobody touches cost nothing.
 */
function grow(pages: i32): bool {
  const more = max(pages, memory.size() >> 3);
  return memory.grow(more) >= 0 || memory.grow(pages) >= 0;
}

function orderOf(bytes: u32): u32 {
  return bytes <= 64 ? 6 : 32 - clz(bytes - 1);
}
