// Words that mean a missing value, besides the empty field.

let words: usize = 0;
export let nullWords: i32 = 0;

/** Some word has digits and may be a number or a date, so that these must be compared with the words first. */
export let nullsHaveDigits: bool = false;

/** `count` words at `list`, each a u32 of its length and then its bytes. The list must stay where it is. */
export function setNulls(list: usize, count: i32): void {
  words = list;
  nullWords = count;
  nullsHaveDigits = false;
  let at = list;
  for (let i = 0; i < count; i++) {
    const length = load<u32>(at);
    for (let k: u32 = 0; k < length; k++) if (<u32>load<u8>(at + 4 + k) - 48 < 10) nullsHaveDigits = true;
    at += 4 + length;
  }
}

/** Which word the bytes are, -1 for none. */
export function nullWord(from: usize, to: usize): i32 {
  const length = <u32>(to - from);
  let at = words;
  for (let i = 0; i < nullWords; i++) {
    const wanted = load<u32>(at);
    if (wanted == length && memory.compare(at + 4, from, length) == 0) return i;
    at += 4 + wanted;
  }
  return -1;
}
