import { ROUNDING, SURE } from "../query/unit-sums.ts";
import { quoteName } from "./sql.ts";

/** A column of doubles whose first values are decimals. */
export interface ExactScale {
  /** Decimal places. */
  readonly places: number;
  /** All values are of one sign, so that the size of their sum is the sum of their sizes. */
  readonly isOneSigned: boolean;
  /** The look at the sum was not enough: each value is counted in units. */
  readonly isCounted?: boolean | undefined;
}

/** Above it the units of a billion values might be more than the engine's largest whole number. */
const COUNTABLE = 1e18;

/** A sum in whole units, and where it is one. */
interface Units {
  readonly sum: string;
  readonly isWhole: string;
}

/** Sum of a column's doubles, compensated. */
export function compensatedSum(column: string): string {
  return `fsum(CAST(${quoteName(column)} AS DOUBLE))`;
}

/** The sum of a column, divided: in whole units of the last place where its values are such, compensated where they are not. */
export function exactSum(column: string, scale: ExactScale, divisor = ""): string {
  const unit = unitOf(scale.places);
  const { sum, isWhole } = scale.isCounted ? countedUnits(column, unit) : roundedUnits(column, unit, scale);
  const [ofUnits, over] = divisor === "" ? [unit, ""] : [`(${unit} * ${divisor})`, ` / ${divisor}`];
  const exact = `CASE WHEN ${isWhole} THEN ${sum} / ${ofUnits} ELSE ${compensatedSum(column)}${over} END`;
  if (scale.isCounted || scale.isOneSigned) return exact;
  return `CASE WHEN ${sizesOf(column, unit)} >= ${SURE} THEN CAST('nan' AS DOUBLE) ELSE ${exact} END`;
}

/**
 * A sum of decimals is a whole number of units of the last place, and the compensated sum lies beside it by no more than what rounding explains: so it
 * is that number, as long as the sizes of all summands come to less than 2^49 units. A sum that is further away has other summands, and stays. No value
 * is looked at for it, so that the engine adds them up and does nothing else; and whatever the values are, no result is moved by more than what rounding
 * has moved it. Above 2^49 units a sum of one sign is right to the last digits that a double has; one in which large values cancel out is given as NaN,
 * for `isCounted` to be asked.
 */
function roundedUnits(column: string, unit: string, { isOneSigned }: ExactScale): Units {
  const units = `(${compensatedSum(column)} * ${unit})`;
  const sizes = isOneSigned ? `abs(${units})` : sizesOf(column, unit);
  return {
    // With zero added, what is rounded from below to zero is no negative one.
    sum: `(round(${units}) + CAST(0 AS DOUBLE))`,
    isWhole: `abs(${units} - round(${units})) <= ${sizes} * CAST(${ROUNDING} AS DOUBLE)`,
  };
}

/**
 * Each value in whole units, which is costlier. The part before the point is taken by itself, since with that behind it it may have more digits than
 * a double.
 */
function countedUnits(column: string, unit: string): Units {
  const name = quoteName(column);
  const behind = `round((${name} - trunc(${name})) * ${unit})`;
  const isWhole = `(abs(${name}) < ${COUNTABLE} AND trunc(${name}) + ${behind} / ${unit} = ${name})`;
  const whole = `CAST(trunc(${name}) AS HUGEINT) * CAST(${unit} AS HUGEINT) + CAST(${behind} AS HUGEINT)`;
  return {
    sum: `CAST(sum(CASE WHEN ${isWhole} THEN ${whole} END) AS DOUBLE)`,
    isWhole: `bool_and(${isWhole}) FILTER (${name} IS NOT NULL)`,
  };
}

function sizesOf(column: string, unit: string): string {
  return `sum(abs(${quoteName(column)})) * ${unit}`;
}

export function unitOf(places: number): string {
  return `CAST(${10 ** places} AS DOUBLE)`;
}
