// The order of a dictionary's texts by their bytes, which is their order by code point: radix over eight bytes at a time while
// many texts begin alike, merging for what is left.
import { alloc, free } from "../memory";
import { compareTexts } from "../values/dictionary";
import { dictSize } from "../values/dictionary-table";
import { textOfCode, lengthOfCode } from "../values/dictionary";
import { sortOrder, startOrder } from "./sort";

/** Runs of texts that begin alike and are shorter than this are merged. */
const SHORT_RUN: i32 = 2048;
/** Texts that agree in more bytes than this many words are merged, too. */
const MOST_WORDS: u32 = 64;

/** Writes for each code its place in the order (u32); -1 when there is no memory. */
export function rankTexts(dict: usize, ranks: usize): i32 {
  const size = dictSize(dict);
  const order = alloc(size << 2);
  const scratch = alloc(size << 2);
  const images = alloc(size << 3);
  const isRoom = order != 0 && scratch != 0 && images != 0;
  if (isRoom) {
    startOrder(order, size);
    sortRun(dict, order, scratch, images, size, 0);
    for (let place = 0; place < size; place++)
      store<u32>(ranks + (<usize>load<u32>(order + (<usize>place << 2)) << 2), place);
  }
  free(order);
  free(scratch);
  free(images);
  return isRoom ? size : -1;
}

/** Sorts codes whose texts agree in their first `word` words of eight bytes. */
function sortRun(dict: usize, order: usize, scratch: usize, images: usize, size: i32, word: u32): void {
  if (size < SHORT_RUN || word > MOST_WORDS) return mergeSort(dict, order, scratch, size);
  for (let i = 0; i < size; i++) {
    const code = load<u32>(order + (<usize>i << 2));
    store<u64>(images + (<usize>code << 3), wordOf(dict, code, word));
  }
  sortOrder(order, scratch, images, size);
  let from = 0;
  while (from < size) {
    const image = imageAt(order, images, from);
    let to = from + 1;
    while (to < size && imageAt(order, images, to) == image) to++;
    if (to - from > 1) sortRun(dict, order + (<usize>from << 2), scratch, images, to - from, word + 1);
    from = to;
  }
}

@inline
function imageAt(order: usize, images: usize, i: i32): u64 {
  return load<u64>(images + (<usize>load<u32>(order + (<usize>i << 2)) << 3));
}

/** Eight bytes of a text as a number in their order, zeros behind its end. */
function wordOf(dict: usize, code: i32, word: u32): u64 {
  const length = lengthOfCode(dict, code);
  const skipped = word << 3;
  if (skipped >= length) return 0;
  const bytes = bswap<u64>(load<u64>(textOfCode(dict, code) + skipped));
  const missing = 8 - <i32>min(length - skipped, 8);
  return missing > 0 ? (bytes >> (missing << 3)) << (missing << 3) : bytes;
}

function mergeSort(dict: usize, order: usize, scratch: usize, size: i32): void {
  let from = order;
  let to = scratch;
  for (let width = 1; width < size; width <<= 1) {
    for (let start = 0; start < size; start += width << 1)
      merge(dict, from, to, start, min(start + width, size), min(start + (width << 1), size));
    const swap = from;
    from = to;
    to = swap;
  }
  if (from != order) memory.copy(order, from, <usize>size << 2);
}

function merge(dict: usize, from: usize, to: usize, start: i32, middle: i32, end: i32): void {
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    const isLeft =
      left < middle &&
      (right >= end || compareTexts(dict, codeAt(from, left), codeAt(from, right)) <= 0);
    store<u32>(to + (<usize>at << 2), codeAt(from, isLeft ? left++ : right++));
  }
}

@inline
function codeAt(order: usize, i: i32): i32 {
  return load<i32>(order + (<usize>i << 2));
}
