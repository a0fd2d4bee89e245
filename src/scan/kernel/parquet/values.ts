// Values of a page as the values that a block of text would have given.

/** Values of a dictionary, of 4 or 8 bytes, by their codes; false where a code stands for none. */
export function valuesOfCodes(codes: usize, rows: i32, values: usize, count: u32, bytes: i32, out: usize): bool {
  return bytes == 8 ? gather<u64>(codes, rows, values, count, out) : gather<u32>(codes, rows, values, count, out);
}

function gather<T>(codes: usize, rows: i32, values: usize, count: u32, out: usize): bool {
  let isKnown = true;
  for (let i: i32 = 0; i < rows; i++) {
    const code = load<u32>(codes + (i << 2));
    isKnown = isKnown && code < count;
    const place: usize = isKnown ? <usize>code : 0;
    store<T>(out + i * sizeof<T>(), load<T>(values + place * sizeof<T>()));
  }
  return isKnown;
}

/** Moves values, of 1, 4 or 8 bytes, which lie one behind the other, to the rows that have one, in place; the others become 0. */
export function spreadValues(values: usize, bytes: i32, valid: usize, rows: i32, present: i32): void {
  if (bytes == 8) spread<u64>(values, valid, rows, present);
  else if (bytes == 4) spread<u32>(values, valid, rows, present);
  else spread<u8>(values, valid, rows, present);
}

/** From the last on, so that none is written over before it was moved. */
function spread<T>(values: usize, valid: usize, rows: i32, present: i32): void {
  let from = values + <usize>present * sizeof<T>();
  for (let i: i32 = rows - 1; i >= 0; i--) {
    const flag = load<u8>(valid + i);
    from -= <usize>flag * sizeof<T>();
    const value = flag ? load<T>(from) : <T>0;
    store<T>(values + <usize>i * sizeof<T>(), value);
  }
}

/** Whole numbers of 1 to 16 bytes, the highest first, in 8; false where one has more. */
export function swapWholes(from: usize, bytes: i32, rows: i32, out: usize): bool {
  let isWhole = true;
  for (let i: i32 = 0; i < rows; i++, from += bytes) {
    let value: i64 = load<i8>(from);
    for (let byte = 1; byte < bytes; byte++) {
      isWhole = isWhole && value >= -0x80000000000000 && value < 0x80000000000000;
      value = (value << 8) | load<u8>(from + byte);
    }
    store<i64>(out + (i << 3), value);
  }
  return isWhole;
}

/** Whether whole numbers lie within bounds. */
export function areWithin(values: usize, rows: i32, least: i64, most: i64): bool {
  let isWithin = true;
  for (let i: i32 = 0; i < rows; i++) {
    const value = load<i64>(values + (i << 3));
    isWithin = isWithin && value >= least && value <= most;
  }
  return isWithin;
}

/** The lower halves of words. */
export function narrowInts(values: usize, rows: i32, out: usize): void {
  for (let i: i32 = 0; i < rows; i++) store<i32>(out + (i << 2), load<i32>(values + (i << 3)));
}

/** Words of which the lower halves are whole numbers without a sign, in place. */
export function dropSigns(values: usize, rows: i32): void {
  for (let i: i32 = 0; i < rows; i++) store<u64>(values + (i << 3), load<u32>(values + (i << 3)));
}

/** Says of rows that all have a value. */
export function fillFlags(valid: usize, rows: i32): void {
  memory.fill(valid, 1, rows);
}
