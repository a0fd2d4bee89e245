// Tests of values. The byte of a row in the mask stays 1 when it passes; a null value passes only the test for nulls.
import { Table } from "../records";
import { find } from "./slots";

/**
 * Whether values lie between the two words at `bounds`, both included, or outside of them. Signed integers, or the unsigned
 * images of doubles: the distance from the lower bound is the same for both.
 */
export function testRange(values: usize, valid: usize, rows: i32, bounds: usize, isOutside: u32, mask: usize): void {
  const low = load<u64>(bounds);
  const span = load<u64>(bounds, 8) - low;
  for (let i: i32 = 0; i < rows; i++) {
    const isIn = <u32>(load<u64>(values + (i << 3)) - low <= span);
    store<u8>(mask + i, load<u8>(mask + i) & (isIn ^ isOutside));
  }
  if (valid) dropNulls(valid, rows, mask);
}

/** Whether a table holds the keys of eight bytes, or does not. */
export function testKeys(keys: usize, valid: usize, rows: i32, handle: usize, isOutside: u32, mask: usize): void {
  const table = changetype<Table>(handle);
  for (let i: i32 = 0; i < rows; i++) {
    if (!load<u8>(mask + i)) continue;
    store<u8>(mask + i, <u32>(find(table, load<u64>(keys + (i << 3))) != 0) ^ isOutside);
  }
  if (valid) dropNulls(valid, rows, mask);
}

/** Looks the result of each code up. */
export function testCodes(codes: usize, valid: usize, rows: i32, passes: usize, mask: usize): void {
  for (let i: i32 = 0; i < rows; i++) {
    // The code of a null is 0, and there may be no text at all.
    if (valid && !load<u8>(valid + i)) store<u8>(mask + i, 0);
    else store<u8>(mask + i, load<u8>(mask + i) & load<u8>(passes + load<u32>(codes + (i << 2))));
  }
}

export function testNull(valid: usize, rows: i32, isNull: u32, mask: usize): void {
  for (let i: i32 = 0; i < rows; i++) {
    const isThere = valid ? <u32>load<u8>(valid + i) : 1;
    store<u8>(mask + i, load<u8>(mask + i) & (isThere ^ isNull));
  }
}

/** Rows that pass. */
export function countPassing(mask: usize, rows: i32): i32 {
  let passing: i32 = 0;
  for (let i: i32 = 0; i < rows; i++) passing += load<u8>(mask + i);
  return passing;
}

function dropNulls(valid: usize, rows: i32, mask: usize): void {
  for (let i: i32 = 0; i < rows; i++) store<u8>(mask + i, load<u8>(mask + i) & load<u8>(valid + i));
}
