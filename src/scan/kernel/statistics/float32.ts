// What becomes of a column's numbers in float32, and how many decimals they have: as DuckDB's casts and its round() say,
// so that both engines advise the same.

const MOST_DECIMALS: i32 = 6;
/** More decimals than are looked for. */
const MANY: i32 = 9;
/** Whole numbers up to here have quotients by a power of ten that tell them apart. */
const EXACT: f64 = 2251799813685248;
/** 10^0 to 10^18. */
const powers: usize = memory.data<f64>([
  1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
]);

/** What is known of a column; its address is the handle that TypeScript holds. Its fields are read there at these places. */
@unmanaged
export class Narrow {
  /** Decimals that all finite values fit in; 9 beyond 6. */
  scale: i32;
  /** Values that float32 holds exactly. */
  same: f64;
  /** NaN, infinities and -0. */
  unusual: f64;
  /** Values that float32 gives back only when it is rounded to 0, 1, ... 6 decimals. True of the final scale, whatever it was on the way. */
  at0: f64;
  at1: f64;
  at2: f64;
  at3: f64;
  at4: f64;
  at5: f64;
  at6: f64;
}

export function float32Bytes(): u32 {
  return offsetof<Narrow>();
}

/** Tries decimals: whole numbers (i64) of 10^-scale, each `weights` (u64) times where these are given. */
export function float32Decimals(handle: usize, values: usize, scale: i32, weights: usize, rows: u32): void {
  const narrow = changetype<Narrow>(handle);
  const unit = powerOf(scale);
  const most = min(scale, MOST_DECIMALS);
  const at = handle + offsetof<Narrow>("at0") + (<usize>scale << 3);
  for (let i: u32 = 0; i < rows; i++) {
    const whole = <f64>load<i64>(values + (i << 3));
    const times = weights ? <f64>load<u64>(weights + (i << 3)) : 1;
    const value = whole / unit;
    // Once a value needed all decimals of the column, whole numbers are compared instead of quotients.
    if (narrow.scale == scale && scale <= MOST_DECIMALS && abs(whole) < EXACT) {
      const held = <f64>(<f32>value);
      if (held == value) narrow.same += times;
      else if (nearest(held * unit) == whole) store<f64>(at, load<f64>(at) + times);
    } else tryValue(narrow, value, most, times);
  }
}

/** Tries doubles; what is not finite is held by every float. */
export function float32Doubles(handle: usize, values: usize, weights: usize, rows: u32): void {
  const narrow = changetype<Narrow>(handle);
  for (let i: u32 = 0; i < rows; i++) {
    const value = load<f64>(values + (i << 3));
    const times = weights ? <f64>load<u64>(weights + (i << 3)) : 1;
    if (value - value == 0) tryValue(narrow, value, MOST_DECIMALS, times);
    else narrow.same += times;
  }
}

/** Joins another part. */
export function float32Merge(into: usize, from: usize): void {
  const narrow = changetype<Narrow>(into);
  const part = changetype<Narrow>(from);
  narrow.scale = max(narrow.scale, part.scale);
  for (let at = offsetof<Narrow>("same"); at < offsetof<Narrow>(); at += 8)
    store<f64>(into + at, load<f64>(into + at) + load<f64>(from + at));
}

@inline
function tryValue(narrow: Narrow, value: f64, most: i32, times: f64): void {
  if (narrow.scale < MANY && rounded(value, narrow.scale) != value) narrow.scale = max(narrow.scale, decimalsOf(value));
  const held = <f64>(<f32>value);
  if (held == value) narrow.same += times;
  else tryScales(narrow, value, held, most, times);
}

/** A later value may need more decimals than those so far, so all scales from the present one on are counted. */
function tryScales(narrow: Narrow, value: f64, held: f64, most: i32, times: f64): void {
  for (let scale = narrow.scale; scale <= most; scale++) {
    if (rounded(held, scale) != value) continue;
    const at = changetype<usize>(narrow) + offsetof<Narrow>("at0") + (<usize>scale << 3);
    store<f64>(at, load<f64>(at) + times);
  }
}

function decimalsOf(value: f64): i32 {
  for (let scale = 0; scale <= MOST_DECIMALS; scale++) if (rounded(value, scale) == value) return scale;
  return MANY;
}

@inline
function rounded(value: f64, scale: i32): f64 {
  const power = powerOf(scale);
  const result = nearest(value * power) / power;
  return result - result == 0 ? result : value;
}

/** The nearest whole number, halves away from zero. */
@inline
function nearest(value: f64): f64 {
  const size = abs(value);
  const whole = floor(size);
  return copysign(whole + <f64>(size - whole >= 0.5), value);
}

@inline
function powerOf(scale: i32): f64 {
  return load<f64>(powers + (<usize>scale << 3));
}
