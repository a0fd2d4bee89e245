// What does not read as its column's kind: how many fields in one call, and the first of them.

export const SYNTAX: i32 = 1;
export const OUT_OF_RANGE: i32 = 2;
export const TOO_MANY_DECIMALS: i32 = 3;
export const LEADING_ZERO: i32 = 4;
export const MIXED_ZONES: i32 = 5;
export const EXPONENT: i32 = 6;

/** Fields of the last call that are no values of their column's kind. */
export let misfits: i32 = 0;
/** Row in the last call, -1 for none. */
export let firstMisfit: i32 = -1;
/** Why the first one is none. */
export let misfitReason: i32 = 0;

export function forgetMisfits(): void {
  misfits = 0;
  firstMisfit = -1;
  misfitReason = 0;
}

export function noteMisfit(row: i32, reason: i32): void {
  if (misfits++ == 0 || row < firstMisfit) {
    firstMisfit = row;
    misfitReason = reason;
  }
}
