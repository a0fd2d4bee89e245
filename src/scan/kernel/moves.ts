// How a table grows (groups/growth.ts), and how far a step of it goes.

/** Ways in which a table grows. Nobody looks anything up until it is done. */
export enum Move {
  None,
  Hash,
  Slots,
  Spread,
  Gather,
  Records,
}

/** Slots from which on a table grows in steps, so that who calls it may do something else between two of them. */
export const LARGE: u32 = 1 << 18;
/** Slots of a step. */
export const SLOTS_AT_ONCE: u32 = 1 << 18;
/** Records of a step. */
export const RECORDS_AT_ONCE: u32 = 1 << 15;
