// Keys of several columns become one: each column's values are numbered, and so is each pair of two numbers. A table of
// codes holds records of a key and its number.
import { groupByKeys } from "./groups";
import { tableNew } from "../records";

const CODE_AT: u32 = 8;

/** A table that numbers keys of eight bytes in the order of their first row; 0 when there is no memory. */
export function keysNew(): usize {
  return tableNew(16, 0, CODE_AT);
}

/** Codes of keys; the missing key has one of its own, and rows that the mask rejects have none that means anything. -1 when there is no memory, or the table grows first. */
export function codesOfKeys(handle: usize, keys: usize, valid: usize, mask: usize, rows: i32, out: usize): i32 {
  if (groupByKeys(handle, keys, valid, mask, rows, out) < 0) return -1;
  for (let i: i32 = 0; i < rows; i++) {
    store<u32>(out + (i << 2), load<u32>(load<u32>(out + (i << 2)), CODE_AT));
  }
  return 0;
}

/** Codes that count from 1, with 0 for the missing ones: so a nullable column has codes without gaps. */
export function codesWithNull(codes: usize, valid: usize, rows: i32, out: usize): void {
  for (let i: i32 = 0; i < rows; i++) {
    const code = load<u32>(codes + (i << 2)) + 1;
    store<u32>(out + (i << 2), valid && !load<u8>(valid + i) ? 0 : code);
  }
}
