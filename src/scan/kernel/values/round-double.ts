// The double that is nearest to mantissa × 10^exponent (Clinger's exact cases, then the method of Eisel and Lemire).
import { multiplyWide, productHigh, productLow } from "./wide-product";

/** Powers of ten that are doubles: 10^0 to 10^22. */
const EXACT: usize = memory.data(23 * 8);

function fillExact(): void {
  let power: f64 = 1;
  for (let i = 0; i < 23; i++) {
    store<f64>(EXACT + (i << 3), power);
    power *= 10;
  }
}
fillExact();

/** 10 to the power of 0 to 22, which is a double. */
@inline
export function exactPower(exponent: i32): f64 {
  return load<f64>(EXACT + (<usize>exponent << 3));
}

const LEAST_POWER: i32 = -342;
const LARGEST_POWER: i32 = 308;
const LARGEST_EXACT: u64 = 1 << 53;

/** For each power of ten from 10^-342 to 10^308 the upper 128 bits of its power of five, high half first; zeros until they are filled in. */
const POWERS_OF_FIVE: usize = memory.data((LARGEST_POWER - LEAST_POWER + 1) * 16, 16);

/** Where the table of powers is to be written. Without it every number beyond the exact cases is hard. */
export function powersPlace(): usize {
  return POWERS_OF_FIVE;
}

/** What nearestDouble has found. */
export let nearest: f64 = 0;

/** False when the answer is not certain: too near the middle of two doubles, or subnormal. */
@inline
export function nearestDouble(mantissa: u64, exponent: i32): bool {
  if (mantissa <= LARGEST_EXACT && <u32>(exponent + 22) <= 44) {
    const value = <f64>mantissa;
    nearest =
      exponent < 0
        ? value / load<f64>(EXACT + (<usize>-exponent << 3))
        : value * load<f64>(EXACT + (<usize>exponent << 3));
    return true;
  }
  return roundProduct(mantissa, exponent);
}

function roundProduct(mantissa: u64, exponent: i32): bool {
  nearest = 0;
  if (mantissa == 0 || exponent < LEAST_POWER) return true;
  if (exponent > LARGEST_POWER) {
    nearest = Infinity;
    return true;
  }
  const power = POWERS_OF_FIVE + (<usize>(exponent - LEAST_POWER) << 4);
  if (load<u64>(power) == 0) return false;
  const zeros = clz(mantissa);
  const shifted = mantissa << zeros;
  multiplyWide(shifted, load<u64>(power));
  let high = productHigh;
  let low = productLow;
  // Only where the bits that are dropped are all ones can the lower half of the power carry into those that are kept.
  if ((high & 0x1ff) == 0x1ff) {
    multiplyWide(shifted, load<u64>(power, 8));
    low += productHigh;
    if (low < productHigh) high++;
    if (low >= <u64>-2) return false;
  }
  const upper = high >> 63;
  const dropped = upper + 9;
  let bits = high >> dropped;
  // 10^exponent lies in [2^p, 2^(p+1)) with p = floor(exponent × log2(10)), here in fixed point.
  const binary = ((exponent * 217706) >> 16) + 63 + <i32>upper - <i32>zeros + 1023;
  if (binary <= 0) return false;
  // Exactly in the middle as far as can be seen.
  if ((bits & 1) == 1 && low <= 1 && (high & (((<u64>1) << dropped) - 1)) == 0) return false;
  bits = (bits + (bits & 1)) >> 1;
  let exponentBits = binary;
  if (bits == 1 << 53) {
    bits = 1 << 52;
    exponentBits++;
  }
  if (exponentBits >= 2047) nearest = Infinity;
  else nearest = reinterpret<f64>((bits & ((1 << 52) - 1)) | ((<u64>exponentBits) << 52));
  return true;
}
