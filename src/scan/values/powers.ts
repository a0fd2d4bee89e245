import type { Kernel } from "../kernel.ts";

const LEAST_POWER = -342;
const LARGEST_POWER = 308;
const BITS = 128;

let table: BigUint64Array | undefined;

/**
 * Gives a kernel what it rounds doubles with: for each power of ten from 10^-342 to 10^308 the upper 128 bits of its power of
 * five, high half first. Made with the first column of doubles, in about a millisecond.
 */
export function fillPowers(kernel: Kernel): void {
  table ??= makeTable();
  const place = new BigUint64Array(kernel.calls.memory.buffer, kernel.calls.powersPlace() >>> 0, table.length);
  if (place[0] === 0n) place.set(table);
}

function makeTable(): BigUint64Array {
  const words = new BigUint64Array(2 * (LARGEST_POWER - LEAST_POWER + 1));
  const set = (exponent: number, bits: bigint) => {
    words[2 * (exponent - LEAST_POWER)] = bits >> 64n;
    words[2 * (exponent - LEAST_POWER) + 1] = BigInt.asUintN(64, bits);
  };
  let five = 1n;
  for (let exponent = 0; exponent <= -LEAST_POWER; exponent++) {
    const length = five.toString(2).length;
    if (exponent <= LARGEST_POWER)
      set(exponent, length <= BITS ? five << BigInt(BITS - length) : five >> BigInt(length - BITS));
    // The reciprocal is rounded up, so that a product with it is never less than the true one.
    if (exponent > 0) set(-exponent, (1n << BigInt(length + BITS - 1)) / five + 1n);
    five *= 5n;
  }
  return words;
}
