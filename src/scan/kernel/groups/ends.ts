// First and last values by the order of the file, whatever the order in which its parts are read. State: the order of the
// row as a double, then the value's eight bytes; before the first value the order is infinite.

/** The values of rows of which the first stands at `order` in the file and the others behind it. */
export function takeFirst(recs: usize, bits: usize, valid: usize, rows: i32, order: f64, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    if (valid && !load<u8>(valid + i)) continue;
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    if (order + <f64>i < load<f64>(state)) keep(state, order + <f64>i, load<u64>(bits + (i << 3)));
  }
}

export function takeLast(recs: usize, bits: usize, valid: usize, rows: i32, order: f64, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    if (valid && !load<u8>(valid + i)) continue;
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    if (order + <f64>i > load<f64>(state)) keep(state, order + <f64>i, load<u64>(bits + (i << 3)));
  }
}

export function mergeFirst(recs: usize, orders: usize, bits: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    const order = load<f64>(orders + (i << 3));
    if (order < load<f64>(state)) keep(state, order, load<u64>(bits + (i << 3)));
  }
}

export function mergeLast(recs: usize, orders: usize, bits: usize, rows: i32, at: u32): void {
  for (let i: i32 = 0; i < rows; i++) {
    const state = <usize>load<u32>(recs + (i << 2)) + at;
    const order = load<f64>(orders + (i << 3));
    if (order > load<f64>(state)) keep(state, order, load<u64>(bits + (i << 3)));
  }
}

@inline
function keep(state: usize, order: f64, bits: u64): void {
  store<f64>(state, order);
  store<u64>(state, bits, 8);
}
