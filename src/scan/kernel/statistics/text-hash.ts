// The hash of a text. It looks at up to 7 bytes past the end, which blocks of memory have room for, and leaves them out.
import { hash64 } from "../hash";

const FACTOR: u64 = 0x9e3779b97f4a7c15;

export function hashText(text: usize, length: u32): u64 {
  let hash: u64 = (<u64>length + 1) * FACTOR;
  let left = length;
  for (; left > 8; left -= 8, text += 8) {
    hash = (hash ^ load<u64>(text)) * FACTOR;
    hash ^= hash >> 32;
  }
  if (left) hash ^= load<u64>(text) << ((8 - left) << 3);
  return hash64(hash);
}
