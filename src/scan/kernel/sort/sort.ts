// Orders rows by their keys: numbers and ranks of texts become unsigned images with the same order, and a stable radix sort
// goes over the bytes in which the images differ. Several keys are sorted last key first.

/** Counts of one pass. */
const counts: usize = memory.data(256 * 4);

/** Rows of one call: a function that V8 finds hot is a fast one from its next call on, and not within a single long one. */
const STRETCH = 16_384;

/** Images of signed integers. */
export function signedImages(values: usize, rows: i32, images: usize): void {
  for (let row = 0; row < rows; row++) {
    const at = <usize>row << 3;
    store<u64>(images + at, load<u64>(values + at) ^ (<u64>1 << 63));
  }
}

/** Images of doubles: both zeros are one, and NaN stands behind every number. */
export function doubleImages(values: usize, rows: i32, images: usize): void {
  for (let row = 0; row < rows; row++) {
    const at = <usize>row << 3;
    const value = load<f64>(values + at);
    const bits = reinterpret<u64>(value + 0.0);
    const image = <i64>bits < 0 ? ~bits : bits | (<u64>1 << 63);
    store<u64>(images + at, isNaN(value) ? u64.MAX_VALUE : image);
  }
}

/** Images of u32 codes by the rank of each. */
export function rankedImages(codes: usize, ranks: usize, rows: i32, images: usize): void {
  for (let row = 0; row < rows; row++) {
    const code = load<u32>(codes + (<usize>row << 2));
    store<u64>(images + (<usize>row << 3), load<u32>(ranks + (<usize>code << 2)));
  }
}

/** The order of rows as they stand. */
export function startOrder(order: usize, rows: i32): void {
  for (let row = 0; row < rows; row++) store<u32>(order + (<usize>row << 2), row);
}

/** Sorts the row numbers of `order` by their images, equal ones left as they stand; `scratch` is as large as `order`. */
export function sortOrder(order: usize, scratch: usize, images: usize, rows: i32): void {
  let same: u64 = u64.MAX_VALUE;
  let any: u64 = 0;
  for (let i = 0; i < rows; i++) {
    const image = load<u64>(images + ((<usize>load<u32>(order + (<usize>i << 2))) << 3));
    same &= image;
    any |= image;
  }
  let from = order;
  let to = scratch;
  for (let shift: u64 = 0; shift < 64; shift += 8) {
    if ((((any ^ same) >> shift) & 0xff) == 0) continue;
    radixPass(from, to, images, rows, shift);
    const swap = from;
    from = to;
    to = swap;
  }
  if (from != order) memory.copy(order, from, <usize>rows << 2);
}

function radixPass(from: usize, to: usize, images: usize, rows: i32, shift: u64): void {
  memory.fill(counts, 0, 256 * 4);
  for (let i = 0; i < rows; i += STRETCH) countDigits(from + (<usize>i << 2), images, min(STRETCH, rows - i), shift);
  let place: u32 = 0;
  for (let digit: usize = 0; digit < 256 * 4; digit += 4) {
    const count = load<u32>(counts + digit);
    store<u32>(counts + digit, place);
    place += count;
  }
  for (let i = 0; i < rows; i += STRETCH) placeRows(from + (<usize>i << 2), to, images, min(STRETCH, rows - i), shift);
}

/** Exported, as `placeRows` is, so that it is not made a part of the one long call. */
export function countDigits(from: usize, images: usize, rows: i32, shift: u64): void {
  for (let i = 0; i < rows; i++) {
    const slot = counts + digitOf(images, load<u32>(from + (<usize>i << 2)), shift);
    store<u32>(slot, load<u32>(slot) + 1);
  }
}

export function placeRows(from: usize, to: usize, images: usize, rows: i32, shift: u64): void {
  for (let i = 0; i < rows; i++) {
    const row = load<u32>(from + (<usize>i << 2));
    const slot = counts + digitOf(images, row, shift);
    const at = load<u32>(slot);
    store<u32>(slot, at + 1);
    store<u32>(to + (<usize>at << 2), row);
  }
}

/** Offset of the count of one digit. */
@inline
function digitOf(images: usize, row: u32, shift: u64): usize {
  return (<usize>(load<u64>(images + (<usize>row << 3)) >> shift) & 0xff) << 2;
}

/** Moves the rows without a value behind the others, both in the order in which they stand. */
export function nullsLast(order: usize, scratch: usize, valid: usize, rows: i32): void {
  let kept = 0;
  let nulls = 0;
  for (let i = 0; i < rows; i++) {
    const row = load<u32>(order + (<usize>i << 2));
    if (load<u8>(valid + row)) {
      store<u32>(order + (<usize>kept << 2), row);
      kept++;
    } else {
      store<u32>(scratch + (<usize>nulls << 2), row);
      nulls++;
    }
  }
  memory.copy(order + (<usize>kept << 2), scratch, <usize>nulls << 2);
}
