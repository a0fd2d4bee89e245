// Quotes by parity: which of 64 bytes lie inside of quotes, carried from word to word.
import { byteMask } from "./byte-mask";
import { CR, escape, LF, NEWLINE_CR, NEWLINE_MIXED, newlineMode, quote, separator } from "./dialect";

/** All bits set while the text is inside of quotes. */
let inside: u64 = 0;
/** Bit 0: the byte before closed a quote. */
let closed: u64 = 0;
/** Bit 0: the byte before was a CR after a closing quote. */
let closedCr: u64 = 0;
/** Quotes that do not open at a field's start or close at its end. */
let odd: u64 = 0;
/** Whether the next word must be looked at though it has no quote. */
export let isCarried: bool = false;

/** Before the first word of a block, which starts outside of quotes. */
export function startQuotes(): void {
  inside = 0;
  closed = 0;
  closedCr = 0;
  odd = 0;
  isCarried = false;
}

export function isInside(): bool {
  return inside != 0;
}

export function wasOdd(): bool {
  return odd != 0;
}

/**
 * The bytes of a word that lie inside of quotes (an opening quote does, a closing one does not). `quotes`, `ends` (separators and
 * row ends) and `newlines` are where these bytes are; only the bytes of `keep` belong to the text.
 */
export function quotedBytes(at: usize, isFirst: bool, quotes: u64, ends: u64, newlines: u64, keep: u64): u64 {
  // Bit i of the prefix xor is the parity of the quotes up to i.
  let within = quotes ^ (quotes << 1);
  within ^= within << 2;
  within ^= within << 4;
  within ^= within << 8;
  within ^= within << 16;
  within ^= within << 32;
  within ^= inside;
  const closing = quotes & ~within;
  // Beside a quote that is none of its own, a quote may only stand where it is doubled.
  const borders = escape == quote ? ends | quotes : ends;
  const before = (borders << 1) | <u64>(isFirst || isBorder(load<u8>(at - 1)));
  const strange = ((closing << 1) | closed) & ~borders & keep;
  odd |= quotes & within & ~before;
  inside = 0 - (within >> 63);
  closed = closing >> 63;
  if (strange | closedCr) settleReturns(at, strange, newlines, keep);
  isCarried = (inside | closed | closedCr) != 0;
  return within;
}

/** Where something else comes after a closing quote, it must be a CR with an LF after it. */
function settleReturns(at: usize, strange: u64, newlines: u64, keep: u64): void {
  const returns = strange & byteMask(at, CR);
  odd |= (strange ^ returns) | (((returns << 1) | closedCr) & ~newlines & keep);
  closedCr = returns >> 63;
}

/** Whether a byte may stand before an opening quote: a field's end, or the quote that this one doubles. */
function isBorder(byte: i32): bool {
  if (byte == separator || (byte == quote && escape == quote)) return true;
  if (newlineMode == NEWLINE_CR) return byte == CR;
  return byte == LF || (newlineMode == NEWLINE_MIXED && byte == CR);
}
