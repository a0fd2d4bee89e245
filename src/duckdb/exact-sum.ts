import { quoteName } from "./sql.ts";

/** A column of doubles whose first values are decimals. */
export interface ExactScale {
  /** Decimal places. */
  readonly places: number;
  /** All values are of this sign, so that their sum is the sum of their sizes as well. */
  readonly sign: 1 | -1 | undefined;
  /** The look at the sum was not enough: each value is counted in units. */
  readonly isCounted?: boolean | undefined;
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

/** Sizes, in units, up to which a sum is surely beside its own whole number and no other. */
const SURE = 2 ** 49;

/**
 * The sum of a column, divided. A sum of decimals is a whole number of units of the last place, and the compensated sum
 * lies beside it by no more than what rounding explains: so it is that number, as long as the sizes of all summands come to less than 2^49 units. A sum
 * that is further away has other summands, and stays. No value is looked at for it, so that the engine adds them up and does nothing else; and whatever
 * the values are, no result is moved by more than what rounding has moved it. Above 2^49 units a sum of one sign is right to the last digits that a double
 * has; one in which large values cancel out is given as NaN, for `isCounted` to be asked.
 */
export function exactSum(column: string, { places, sign, isCounted }: ExactScale, divisor = ""): string {
  const unit = unitOf(places);
  if (isCounted) return countedSum(column, unit, divisor);
  const sum = compensatedSum(column);
  const units = `(${sum} * ${unit})`;
  const sizes = sign === undefined ? `sum(abs(${quoteName(column)})) * ${unit}` : `abs(${units})`;
  const isWhole = `abs(${units} - round(${units})) <= ${sizes} * CAST(${ROUNDING} AS DOUBLE)`;
  const [ofUnits, ofSum] = divisor === "" ? [unit, sum] : [`(${unit} * ${divisor})`, `${sum} / ${divisor}`];
  // With zero added, what is rounded from below to zero is no negative one.
  const rounded = `CASE WHEN ${isWhole} THEN (round(${units}) + CAST(0 AS DOUBLE)) / ${ofUnits} ELSE ${ofSum} END`;
  return sign === undefined ? `CASE WHEN ${sizes} >= ${SURE} THEN CAST('nan' AS DOUBLE) ELSE ${rounded} END` : rounded;
}

/** Above it the units of a billion values might be more than the engine's largest whole number. */
const COUNTABLE = 1e18;

/**
 * Each value in whole units, which is costlier; of a group with a value that is no such number the compensated sum. The part before the point is taken
 * by itself, since with that behind it it may have more digits than a double.
 */
function countedSum(column: string, unit: string, divisor: string): string {
  const name = quoteName(column);
  const behind = `round((${name} - trunc(${name})) * ${unit})`;
  const isWhole = `(abs(${name}) < ${COUNTABLE} AND trunc(${name}) + ${behind} / ${unit} = ${name})`;
  const areWhole = `bool_and(${isWhole}) FILTER (${name} IS NOT NULL)`;
  const whole = `CAST(trunc(${name}) AS HUGEINT) * CAST(${unit} AS HUGEINT) + CAST(${behind} AS HUGEINT)`;
  const [ofUnits, over] = divisor === "" ? [unit, ""] : [`(${unit} * ${divisor})`, ` / ${divisor}`];
  const counted = `CAST(sum(CASE WHEN ${isWhole} THEN ${whole} END) AS DOUBLE) / ${ofUnits}`;
  return `CASE WHEN ${areWhole} THEN ${counted} ELSE ${compensatedSum(column)}${over} END`;
}

export function unitOf(places: number): string {
  return `CAST(${10 ** places} AS DOUBLE)`;
}
