// The order of a dictionary's texts by their bytes, which is their order by code point: radix over eight bytes at a time while
// many texts begin alike, merging for what is left.
import { alloc, free } from "../memory";
import { compareTexts } from "../values/dictionary";
import { dictSize } from "../values/dictionary-table";
import { textOfCode, lengthOfCode } from "../values/dictionary";
import { sortTogether, startOrder, STRETCH } from "./sort";

/** Runs of texts that begin alike and are shorter than this are merged. */
const SHORT_RUN: i32 = 2048;
/** Texts that agree in more bytes than this many words are merged, too. */
const MOST_WORDS: u32 = 64;

/** Room for the sort at hand, of which each run uses as much as it has texts. */
let orderScratch: usize = 0;
let imageScratch: usize = 0;

/** Sorts codes (u32) by their texts. False when there is no memory. */
export function sortTexts(dict: usize, codes: usize, size: i32): bool {
  const images = alloc(size << 3);
  orderScratch = alloc(size << 2);
  imageScratch = alloc(size << 3);
  const isRoom = images != 0 && orderScratch != 0 && imageScratch != 0;
  if (isRoom) sortRun(dict, codes, images, size, 0);
  free(images);
  free(orderScratch);
  free(imageScratch);
  return isRoom;
}

/** Writes for each code its place in the order (u32); -1 when there is no memory. */
export function rankTexts(dict: usize, ranks: usize): i32 {
  const size = dictSize(dict);
  const order = alloc(size << 2);
  if (order) startOrder(order, size);
  const isSorted = order != 0 && sortTexts(dict, order, size);
  for (let place = 0; isSorted && place < size; place++)
    store<u32>(ranks + (<usize>load<u32>(order + (<usize>place << 2)) << 2), place);
  free(order);
  return isSorted ? size : -1;
}

/** Sorts codes whose texts agree in their first `word` words of eight bytes. */
function sortRun(dict: usize, order: usize, images: usize, size: i32, word: u32): void {
  if (size < SHORT_RUN || word > MOST_WORDS) return mergeSort(dict, order, orderScratch, size);
  for (let i = 0; i < size; i += STRETCH)
    writeWords(dict, order + (<usize>i << 2), images + (<usize>i << 3), min(STRETCH, size - i), word);
  sortTogether(order, images, orderScratch, imageScratch, size);
  let from = 0;
  while (from < size) {
    const image = load<u64>(images + (<usize>from << 3));
    let to = from + 1;
    while (to < size && load<u64>(images + (<usize>to << 3)) == image) to++;
    if (to - from > 1) sortRun(dict, order + (<usize>from << 2), images + (<usize>from << 3), to - from, word + 1);
    from = to;
  }
}

/** Exported, so that it is not made a part of the one long call. */
export function writeWords(dict: usize, order: usize, images: usize, rows: i32, word: u32): void {
  for (let i = 0; i < rows; i++)
    store<u64>(images + (<usize>i << 3), wordOf(dict, load<u32>(order + (<usize>i << 2)), word));
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
