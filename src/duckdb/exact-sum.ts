import { quoteName } from "./sql.ts";

/** A column of doubles whose first values are decimals. */
export interface ExactScale {
  /** Decimal places. */
  readonly places: number;
  /** All values are of this sign, so that their sum is the sum of their sizes as well. */
  readonly sign: 1 | -1 | undefined;
}

/**
 * By how much, in parts of the sum of all sizes, a sum may be off: what each double is beside its decimal, the compensated addition and one
 * product come to half of it. 2^-50.
 */
const ROUNDING = 8.881784197001252e-16;

/** Sum of a column's doubles, compensated. */
export function compensatedSum(column: string): string {
  return `fsum(CAST(${quoteName(column)} AS DOUBLE))`;
}

/**
 * The sum of a column, divided. A sum of decimals is a whole number of units of the last place, and the compensated sum
 * lies beside it by no more than what rounding explains: so it is that number, as long as the sizes of all summands come to less than 2^49 units. Above that
 * it may be some units beside it. A sum that is further away has other summands, and stays. No value is looked at for
 * it, so that the engine adds them up and does nothing else; and whatever the values are, no result is moved by more than what rounding has moved it.
 */
export function exactSum(column: string, { places, sign }: ExactScale, divisor = ""): string {
  const unit = unitOf(places);
  const sum = compensatedSum(column);
  const units = `(${sum} * ${unit})`;
  const sizes = sign === undefined ? `sum(abs(${quoteName(column)})) * ${unit}` : `abs(${units})`;
  const isWhole = `abs(${units} - round(${units})) <= ${sizes} * CAST(${ROUNDING} AS DOUBLE)`;
  const [ofUnits, ofSum] = divisor === "" ? [unit, sum] : [`(${unit} * ${divisor})`, `${sum} / ${divisor}`];
  // With zero added, what is rounded from below to zero is no negative one.
  return `CASE WHEN ${isWhole} THEN (round(${units}) + CAST(0 AS DOUBLE)) / ${ofUnits} ELSE ${ofSum} END`;
}

export function unitOf(places: number): string {
  return `CAST(${10 ** places} AS DOUBLE)`;
}
