// The input of what is unpacked: bytes, of which some are read ahead as bits.

/** The next byte that was not read ahead. */
export let input: usize = 0;
export let inputEnd: usize = 0;
/** Bits that were read ahead, the next one lowest; above those that are counted stand the ones that come again. */
export let ahead: u64 = 0;
export let bits: u64 = 0;

/** Where the first byte of the input lies of which nothing was used, and the end of those that there are. */
export function setInput(at: usize, end: usize): void {
  input = at + <usize>(bits >> 3);
  inputEnd = end;
}

/** Address of the first byte of the input of which nothing was used. */
export function inputAt(): usize {
  return input - <usize>(bits >> 3);
}

export function setBits(at: usize, word: u64, have: u64): void {
  input = at;
  ahead = word;
  bits = have;
}

export function clearBits(): void {
  ahead = 0;
  bits = 0;
}

/** Whole bytes that were read ahead are unread, and what is left of one is nothing. */
export function giveBack(): void {
  input = inputAt();
  clearBits();
}

export function skipInput(bytes: usize): void {
  input += bytes;
}

/** A word with 56 bits at least, of which the lowest were there before; `(63 - have) >> 3` bytes are used for it. */
@inline
export function filled(word: u64, have: u64, at: usize): u64 {
  return word | (load<u64>(at) << have);
}

export function fill(): void {
  ahead = filled(ahead, bits, input);
  input += <usize>((63 - bits) >> 3);
  bits |= 56;
}

/** The next bits, of those that were read ahead, as a number. */
export function take(count: u32): u32 {
  const value = <u32>(ahead & (((<u64>1) << count) - 1));
  ahead >>= count;
  bits -= count;
  return value;
}
