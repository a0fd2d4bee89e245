/** A number as a fraction of whole numbers. */
export interface Rational {
  readonly top: bigint;
  readonly bottom: bigint;
}

/** Every finite double is a whole number of these. */
const UNIT_BITS = 1074n;

/** A finite double in units of 2^-1074. */
export function unitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const exponent = bits >> 52n;
  const fraction = bits & (2n ** 52n - 1n);
  const size = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n);
  return value < 0 ? -size : size;
}

export const UNITS = 1n << UNIT_BITS;

/** The double nearest to a fraction, halves to even. */
export function nearestDouble({ top, bottom }: Rational): number {
  if (top === 0n) return 0;
  const [isNegative, size] = [top < 0n !== bottom < 0n, abs(top)];
  const below = abs(bottom);
  // So many bits that only one that stands for all that is cut off can be missing.
  const shift = Math.max(0, 70 - (bitsOf(size) - bitsOf(below)));
  const [whole, rest] = [(size << BigInt(shift)) / below, (size << BigInt(shift)) % below];
  const rounded = Number((whole << 1n) | (rest === 0n ? 0n : 1n));
  const half = Math.floor((shift + 1) / 2);
  const value = (rounded / 2 ** half) * 2 ** (half - shift - 1);
  return isNegative ? -value : value;
}

export function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function bitsOf(value: bigint): number {
  return value.toString(2).length;
}
