// The hash of a text that is counted. It looks at up to 7 bytes past the end, which blocks of memory have room for, and leaves them out.
import { addWord, hash64, seed } from "../hash";

export function hashText(text: usize, length: u32): u64 {
  // The length as a word: else a word could make up for it.
  let hash = addWord(seed, length);
  let left = length;
  for (; left > 8; left -= 8, text += 8) hash = addWord(hash, load<u64>(text));
  if (left) hash ^= load<u64>(text) << ((8 - left) << 3);
  return hash64(hash);
}
