// The hash of keys and values: each bit of a 64-bit word moves about half of the bits (the finaliser of MurmurHash3).

@inline
export function hash64(key: u64): u64 {
  let mixed = key ^ (key >> 33);
  mixed *= 0xff51afd7ed558ccd;
  mixed ^= mixed >> 33;
  mixed *= 0xc4ceb9fe1a85ec53;
  return mixed ^ (mixed >> 33);
}
