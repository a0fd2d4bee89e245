/**
 * By how much, in parts of the sum of all sizes, a sum may be off: what each double is beside its decimal, the compensated addition and one
 * product come to half of it. 2^-50.
 */
export const ROUNDING = 8.881784197001252e-16;
/** Sizes, in units, up to which a sum is surely beside its own whole number and no other. */
export const SURE = 2 ** 49;
/** The most decimal places that are looked for. */
const MOST_PLACES = 6;

/** Why a sum of decimals in doubles must be counted value by value. */
export const CANCELLED = "large values of both signs are added up, which may cancel out";

/** The most decimal places of any value; undefined for values that are no decimals of up to six places. */
export function decimalPlaces(values: Float64Array): number | undefined {
  let places = 0;
  for (const value of values) {
    while (places <= MOST_PLACES && Math.round(value * 10 ** places) / 10 ** places !== value) places++;
    if (places > MOST_PLACES) return undefined;
  }
  return places;
}

/** Whether a sum, in units of the last place, is a whole number of them but for rounding; `size` is the sum of all sizes in the same units. */
export function isInUnits(units: number, size: number): boolean {
  return Math.abs(units - Math.round(units)) <= size * ROUNDING;
}
