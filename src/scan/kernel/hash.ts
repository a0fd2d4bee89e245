// The hash of keys, values and texts: each bit of a 64-bit word moves about half of the bits (the finaliser of MurmurHash3).

/** What nobody who writes a file knows, so that no keys can be chosen to share their slots. No exact result depends on it. */
export let seed: u64 = 0;
/** An odd factor that follows from it. */
let factor: u64 = 1;

export function setSeed(low: u32, high: u32): void {
  seed = (<u64>high << 32) | low;
  factor = hash64(seed) | 1;
}

/** The hash of a key that is looked up, or of a value that is counted or estimated. */
@inline
export function hashKey(key: u64): u64 {
  return hash64(key ^ seed);
}

/**
 * The hash of a text's words so far with one more. What two texts differ by after the first product may be known to who wrote them;
 * after the second it is not, and no later word undoes it.
 */
@inline
export function addWord(hash: u64, word: u64): u64 {
  const mixed = (hash ^ word) * 0xc2b2ae3d27d4eb4f;
  return (mixed ^ (mixed >> 32)) * factor;
}

/** All bits of a hash of words. */
@inline
export function hash64(key: u64): u64 {
  let mixed = key ^ (key >> 33);
  mixed *= 0xff51afd7ed558ccd;
  mixed ^= mixed >> 33;
  mixed *= 0xc4ceb9fe1a85ec53;
  return mixed ^ (mixed >> 33);
}
