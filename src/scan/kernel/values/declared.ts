// What declared types ask of values that were read already: a narrower range, fewer bits, decimals as doubles.
import { forgetHard, noteHard } from "./hard-rows";
import { noteMisfit, OUT_OF_RANGE } from "./misfits";
import { exactPower, nearest, nearestDouble } from "./round-double";

/** Whole numbers from its negative to below it are doubles: with it added they are at most `ALL_EXACT`, taken as unsigned. */
const LARGEST_EXACT: i64 = 1 << 52;
const ALL_EXACT: u64 = (1 << 53) - 1;

/** Makes misfits of values outside of `range` (least and greatest as i64); gives how many there are. */
export function limitInts(values: usize, valid: usize, rows: i32, range: usize): i32 {
  const least = load<i64>(range);
  const greatest = load<i64>(range, 8);
  let nulls = 0;
  for (let row = 0; row < rows; row++, values += 8) {
    const value = load<i64>(values);
    if ((value >= least && value <= greatest) || load<u8>(valid + row) == 0) continue;
    noteMisfit(row, OUT_OF_RANGE);
    store<i64>(values, 0);
    store<u8>(valid + row, 0);
    nulls++;
  }
  return nulls;
}

/** Rounds doubles to those that float32 has. */
export function narrowDoubles(values: usize, rows: i32): void {
  for (let row = 0; row < rows; row++, values += 8) store<f64>(values, <f64>(<f32>load<f64>(values)));
}

/** Writes decimals of a scale as the nearest doubles, and the rows that are hard (u32) into `hard`. */
export function decimalsToDoubles(values: usize, rows: i32, scale: i32, out: usize, hard: usize): void {
  forgetHard();
  let row = 0;
  while (row < rows) {
    if (ASC_FEATURE_SIMD && scale <= 22) {
      const power = f64x2.splat(exactPower(scale));
      // Two at a time, as long as both are doubles themselves: then one division rounds rightly.
      for (; row + 2 <= rows; row += 2, values += 16, out += 16) {
        const a = load<i64>(values);
        const b = load<i64>(values, 8);
        if ((<u64>(a + LARGEST_EXACT) | <u64>(b + LARGEST_EXACT)) > ALL_EXACT) break;
        v128.store(out, f64x2.div(f64x2.replace_lane(f64x2.splat(<f64>a), 1, <f64>b), power));
      }
      if (row == rows) break;
    }
    const value = load<i64>(values);
    const size = value < 0 ? -value : value;
    if (nearestDouble(<u64>size, -scale)) store<f64>(out, value < 0 ? -nearest : nearest);
    else {
      store<f64>(out, 0);
      noteHard(hard, row);
    }
    row++;
    values += 8;
    out += 8;
  }
}
