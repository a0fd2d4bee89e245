import type { Column, ColumnOrName } from "../column.ts";
import { invoke } from "./invoke.ts";

/** The number of bits that are set. */
export function bit_count(col: ColumnOrName): Column {
  return invoke("bit_count", col);
}

/** The bit at a position, counted from the right and 0. */
export function bit_get(col: ColumnOrName, pos: ColumnOrName): Column {
  return invoke("bit_get", col, pos);
}

/** The bit at a position, counted from the right and 0. */
export function getbit(col: ColumnOrName, pos: ColumnOrName): Column {
  return invoke("getbit", col, pos);
}

/** Every bit turned over. */
export function bitwise_not(col: ColumnOrName): Column {
  return invoke("~", col);
}

/** The bits moved to the left. */
export function shiftleft(col: ColumnOrName, numBits: number): Column {
  return invoke("shiftleft", col, numBits);
}

/** The bits moved to the right, the sign kept. */
export function shiftright(col: ColumnOrName, numBits: number): Column {
  return invoke("shiftright", col, numBits);
}

/** The bits moved to the right, filled with zeros. */
export function shiftrightunsigned(col: ColumnOrName, numBits: number): Column {
  return invoke("shiftrightunsigned", col, numBits);
}

/** Of a group: the bits that are set in all values. */
export function bit_and(col: ColumnOrName): Column {
  return invoke("bit_and", col);
}

/** Of a group: the bits that are set in some value. */
export function bit_or(col: ColumnOrName): Column {
  return invoke("bit_or", col);
}

/** Of a group: the bits that are set in an odd number of values. */
export function bit_xor(col: ColumnOrName): Column {
  return invoke("bit_xor", col);
}

/** The number of the bitmap that a value belongs to. */
export function bitmap_bucket_number(col: ColumnOrName): Column {
  return invoke("bitmap_bucket_number", col);
}

/** The place of a value within its bitmap. */
export function bitmap_bit_position(col: ColumnOrName): Column {
  return invoke("bitmap_bit_position", col);
}

/** The number of bits that are set in a bitmap. */
export function bitmap_count(col: ColumnOrName): Column {
  return invoke("bitmap_count", col);
}

/** Of a group: the bitmap of bit positions. */
export function bitmap_construct_agg(col: ColumnOrName): Column {
  return invoke("bitmap_construct_agg", col);
}

/** Of a group: the union of bitmaps. */
export function bitmap_or_agg(col: ColumnOrName): Column {
  return invoke("bitmap_or_agg", col);
}

/** Of a group: the intersection of bitmaps. */
export function bitmap_and_agg(col: ColumnOrName): Column {
  return invoke("bitmap_and_agg", col);
}
