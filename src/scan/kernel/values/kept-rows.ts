// Columns of the rows that passed the tests alone.

/** Copies the values (of 1, 4 or 8 bytes) of rows whose mask is 1 one behind the other; gives their number. `out` may be `values`. */
export function keepValues(values: usize, bytes: i32, mask: usize, rows: i32, out: usize): i32 {
  if (bytes == 8) return keep<u64>(values, mask, rows, out);
  return bytes == 4 ? keep<u32>(values, mask, rows, out) : keep<u8>(values, mask, rows, out);
}

/** Writes every value and moves on behind those that are kept, so that nothing branches. */
@inline
function keep<T>(values: usize, mask: usize, rows: i32, out: usize): i32 {
  const start = out;
  for (let row = 0; row < rows; row++) {
    store<T>(out, load<T>(values));
    values += sizeof<T>();
    out += <usize>load<u8>(mask + row) * sizeof<T>();
  }
  return <i32>((out - start) / sizeof<T>());
}

/** The same of the places of fields, as entries with a skip of 1 and a stride of 4. */
export function keepFields(
  starts: usize,
  skip: i32,
  ends: usize,
  stride: i32,
  mask: usize,
  rows: i32,
  keptStarts: usize,
  keptEnds: usize,
): i32 {
  const first = keptStarts;
  for (let row = 0; row < rows; row++, starts += stride, ends += stride) {
    store<u32>(keptStarts, load<u32>(starts) + skip - 1);
    store<u32>(keptEnds, load<u32>(ends));
    const step = <usize>load<u8>(mask + row) << 2;
    keptStarts += step;
    keptEnds += step;
  }
  return <i32>((keptStarts - first) >> 2);
}
