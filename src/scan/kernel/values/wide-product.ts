// Products of 128 bits, which WebAssembly has no instruction for.

/** Upper half of the last product. */
export let productHigh: u64 = 0;
/** Lower half of the last product. */
export let productLow: u64 = 0;

@inline
export function multiplyWide(a: u64, b: u64): void {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >> 32);
  const cross = aLow * bHigh + (middle & 0xffffffff);
  productHigh = aHigh * bHigh + (middle >> 32) + (cross >> 32);
  productLow = (cross << 32) | (low & 0xffffffff);
}
