// Different values a group: each pair of a group's number and a value's code is kept once, in a hashed table whose records
// are nothing but the pair.
import { Table, tableNew, TRASH } from "../records";
import { findOrAdd, startHash } from "./slots";

/** An empty set of pairs; 0 when there is no memory. */
export function pairsNew(): usize {
  const handle = tableNew(8, 0, 0);
  return handle && startHash(changetype<Table>(handle)) ? handle : 0;
}

/**
 * Adds pairs and counts the new ones of each group at `at`; the group's number lies at `numberAt`. -1 when there is no
 * memory or the table grows first, -2 when the set would be larger than `most`.
 */
export function countDistinct(
  recs: usize,
  codes: usize,
  valid: usize,
  rows: i32,
  pairs: usize,
  most: u32,
  numberAt: u32,
  at: u32,
): i32 {
  const table = changetype<Table>(pairs);
  for (let i: i32 = 0; i < rows; i++) {
    if (valid && !load<u8>(valid + i)) continue;
    const record = <usize>load<u32>(recs + (i << 2));
    const number = load<u32>(record + numberAt);
    if (number == TRASH) continue;
    const before = table.size;
    if (!findOrAdd(table, (<u64>number << 32) | load<u32>(codes + (i << 2)))) return -1;
    if (table.size == before) continue;
    store<u64>(record + at, load<u64>(record + at) + 1);
    if (before > most) return -2;
  }
  return 0;
}
