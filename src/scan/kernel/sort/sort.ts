// Orders rows by their keys: numbers and ranks of texts become unsigned images with the same order, and a stable radix sort
// goes over the bytes in which the images differ. Several keys are sorted last key first.

/** Counts of one pass. */
const counts: usize = memory.data(256 * 4);

/** Rows of one call: a function that V8 finds hot is a fast one from its next call on, and not within a single long one. */
export const STRETCH = 16_384;

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

/** Sorts the row numbers of `order` by their images, which stand by row and are lost, equal ones left as they stand. The scratches are as large as what they are of. */
export function sortOrder(order: usize, images: usize, orderScratch: usize, imageScratch: usize, rows: i32): void {
  for (let i = 0; i < rows; i += STRETCH) {
    imagesOf(order + (<usize>i << 2), images, imageScratch + (<usize>i << 3), min(STRETCH, rows - i));
  }
  sortTogether(order, imageScratch, orderScratch, images, rows);
}

/** The same of images that stand as `order` does and move with it: a pass reads what it sorts one behind the other, and does not wait for each. */
export function sortTogether(order: usize, images: usize, orderScratch: usize, imageScratch: usize, rows: i32): void {
  const differing = differingBits(images, rows);
  let isInScratch = false;
  for (let shift: u64 = 0; shift < 64; shift += 8) {
    if (((differing >> shift) & 0xff) == 0) continue;
    if (isInScratch) radixPass(orderScratch, imageScratch, order, images, rows, shift);
    else radixPass(order, images, orderScratch, imageScratch, rows, shift);
    isInScratch = !isInScratch;
  }
  if (!isInScratch) return;
  memory.copy(order, orderScratch, <usize>rows << 2);
  memory.copy(images, imageScratch, <usize>rows << 3);
}

/** Exported, as the others that take a stretch are, so that it is not made a part of the one long call. */
export function imagesOf(order: usize, images: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i++) {
    store<u64>(out + (<usize>i << 3), load<u64>(images + (<usize>load<u32>(order + (<usize>i << 2)) << 3)));
  }
}

function differingBits(images: usize, rows: i32): u64 {
  let same: u64 = u64.MAX_VALUE;
  let any: u64 = 0;
  for (let i = 0; i < rows; i++) {
    const image = load<u64>(images + (<usize>i << 3));
    same &= image;
    any |= image;
  }
  return any ^ same;
}

function radixPass(fromOrder: usize, fromImages: usize, order: usize, images: usize, rows: i32, shift: u64): void {
  memory.fill(counts, 0, 256 * 4);
  for (let i = 0; i < rows; i += STRETCH) countDigits(fromImages + (<usize>i << 3), min(STRETCH, rows - i), shift);
  let place: u32 = 0;
  for (let digit: usize = 0; digit < 256 * 4; digit += 4) {
    const count = load<u32>(counts + digit);
    store<u32>(counts + digit, place);
    place += count;
  }
  for (let i = 0; i < rows; i += STRETCH) {
    placeRows(fromOrder + (<usize>i << 2), fromImages + (<usize>i << 3), order, images, min(STRETCH, rows - i), shift);
  }
}

export function countDigits(images: usize, rows: i32, shift: u64): void {
  for (let i = 0; i < rows; i++) {
    const slot = counts + digitOf(load<u64>(images + (<usize>i << 3)), shift);
    store<u32>(slot, load<u32>(slot) + 1);
  }
}

export function placeRows(
  fromOrder: usize,
  fromImages: usize,
  order: usize,
  images: usize,
  rows: i32,
  shift: u64,
): void {
  for (let i = 0; i < rows; i++) {
    const image = load<u64>(fromImages + (<usize>i << 3));
    const slot = counts + digitOf(image, shift);
    const at: usize = load<u32>(slot);
    store<u32>(slot, <u32>at + 1);
    store<u32>(order + (at << 2), load<u32>(fromOrder + (<usize>i << 2)));
    store<u64>(images + (at << 3), image);
  }
}

/** Offset of the count of one digit. */
@inline
function digitOf(image: u64, shift: u64): usize {
  return (<usize>(image >> shift) & 0xff) << 2;
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
