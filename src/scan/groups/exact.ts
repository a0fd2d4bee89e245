/**
 * The double nearest to an integer of 10^-scale.
 *
 * @example
 * decimalNumber(1250n, 2); // 12.5
 */
export function decimalNumber(unscaled: bigint, scale: number): number {
  const number = Number(unscaled);
  // Two integers that doubles hold give a quotient that is rounded once.
  if (Number.isSafeInteger(number) && scale <= LARGEST_POWER) return number / 10 ** scale;
  return scale === 0 ? number : Number(`${unscaled}e-${scale}`);
}

/** The double nearest to a quotient of integers that are not negative. */
export function quotientNumber(numerator: bigint, denominator: bigint): number {
  if (numerator <= MOST_SAFE && denominator <= MOST_SAFE) return Number(numerator) / Number(denominator);
  const shift = Math.max(0, WANTED_BITS - (bitsOf(numerator) - bitsOf(denominator)));
  const scaled = numerator << BigInt(shift);
  const quotient = scaled / denominator;
  // Whatever is left over must count when it comes to the half between two doubles.
  const sticky = scaled % denominator === 0n ? quotient : quotient | 1n;
  return Number(sticky) / 2 ** shift;
}

/** Powers of ten that doubles hold exactly. */
const LARGEST_POWER = 22;
const MOST_SAFE = 2n ** 53n;
const WANTED_BITS = 66;

function bitsOf(value: bigint): number {
  return value.toString(16).length * 4;
}
