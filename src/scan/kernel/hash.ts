// The hash of keys and values: each bit of a 64-bit word moves about half of the bits (the finaliser of MurmurHash3).

/** What nobody who writes a file knows, so that no keys can be chosen to share their slots. No result depends on it. */
export let seed: u64 = 0;

export function setSeed(low: u32, high: u32): void {
  seed = (<u64>high << 32) | low;
}

/** The hash of a key that is looked up. */
@inline
export function hashKey(key: u64): u64 {
  return hash64(key ^ seed);
}

/** The hash of a value that is counted or estimated: the same in each thread and process. */
@inline
export function hash64(key: u64): u64 {
  let mixed = key ^ (key >> 33);
  mixed *= 0xff51afd7ed558ccd;
  mixed ^= mixed >> 33;
  mixed *= 0xc4ceb9fe1a85ec53;
  return mixed ^ (mixed >> 33);
}
