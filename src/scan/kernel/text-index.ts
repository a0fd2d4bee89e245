// The structural index: where fields and rows end, 64 bytes a step. Quotes are followed by parity alone, which is right as long
// as each quote opens at a field's start and closes at its end; `oddQuotes` says when that is not so.
import { CR, LF, NEWLINE_CR, NEWLINE_MIXED, newlineMode, quote, separator } from "./dialect";
import { isCarried, isInside, quotedBytes, startQuotes, wasOdd } from "./quotes";

/** Row ends among the positions of the last call. */
export let rowEnds: i32 = 0;
/** The text ended inside of quotes. */
export let endsInQuote: i32 = 0;
/** A quote opened after a letter, or a letter came after a closing quote. */
export let oddQuotes: i32 = 0;
/** Some byte is not ASCII (perhaps one of the 63 past the end). */
export let nonAscii: i32 = 0;

/**
 * Writes the addresses of separators and row ends outside of quotes and returns their number. In mixed mode a CR as the last byte
 * is a row end unless an LF follows it in memory. `positions` has room for every byte of the text and 64 more.
 */
export function indexBlock(from: usize, to: usize, positions: usize): i32 {
  startQuotes();
  let last: usize;
  if (ASC_FEATURE_SIMD) {
    if (newlineMode == NEWLINE_MIXED) last = indexVectors(from, to, positions, true);
    else last = indexVectors(from, to, positions, false);
  } else last = indexWords(from, to, positions);
  endsInQuote = isInside() ? 1 : 0;
  oddQuotes = wasOdd() ? 1 : 0;
  return <i32>((last - positions) >> 2);
}

// @ts-ignore: decorator
@inline
function indexVectors(from: usize, to: usize, positions: usize, isMixed: bool): usize {
  const separators = i8x16.splat(<i8>separator);
  const newlines = i8x16.splat(<i8>(newlineMode == NEWLINE_CR ? CR : LF));
  const returns = i8x16.splat(<i8>CR);
  const quotes = i8x16.splat(<i8>quote);
  const isQuoted = quote ? i8x16.splat(-1) : i8x16.splat(0);
  let seen = i8x16.splat(0);
  let out = positions;
  let found: i32 = 0;
  for (let at = from; at < to; at += 64) {
    const keep: u64 = to - at < 64 ? ((<u64>1) << (to - at)) - 1 : ~(<u64>0);
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    seen = v128.or(seen, v128.or(v128.or(a, b), v128.or(c, d)));
    let rows = maskOf(i8x16.eq(a, newlines), i8x16.eq(b, newlines), i8x16.eq(c, newlines), i8x16.eq(d, newlines));
    if (isMixed) {
      const cr = maskOf(i8x16.eq(a, returns), i8x16.eq(b, returns), i8x16.eq(c, returns), i8x16.eq(d, returns));
      if (cr) rows |= cr & ~((rows >> 1) | (<u64>(load<u8>(at + 64) == LF) << 63));
    }
    let ends = rows | maskOf(i8x16.eq(a, separators), i8x16.eq(b, separators), i8x16.eq(c, separators), i8x16.eq(d, separators));
    const qa = i8x16.eq(a, quotes);
    const qb = i8x16.eq(b, quotes);
    const qc = i8x16.eq(c, quotes);
    const qd = i8x16.eq(d, quotes);
    ends &= keep;
    rows &= keep;
    if (isCarried || v128.any_true(v128.and(isQuoted, v128.or(v128.or(qa, qb), v128.or(qc, qd))))) {
      const cr = maskOf(i8x16.eq(a, returns), i8x16.eq(b, returns), i8x16.eq(c, returns), i8x16.eq(d, returns));
      const within = quotedBytes(at, at == from, maskOf(qa, qb, qc, qd) & keep, ends, rows, cr, keep);
      ends &= ~within;
      rows &= ~within;
    }
    found += <i32>popcnt(rows);
    out = writePositions(out, at, ends);
  }
  nonAscii = i8x16.bitmask(seen) ? 1 : 0;
  rowEnds = found;
  return out;
}

// @ts-ignore: decorator
@inline
function maskOf(a: v128, b: v128, c: v128, d: v128): u64 {
  const low = <u32>i8x16.bitmask(a) | (<u32>i8x16.bitmask(b) << 16);
  const high = <u32>i8x16.bitmask(c) | (<u32>i8x16.bitmask(d) << 16);
  return <u64>low | (<u64>high << 32);
}

/** Eight at a time without a branch for each: what is written past the last one is overwritten later. */
// @ts-ignore: decorator
@inline
function writePositions(out: usize, at: usize, ends: u64): usize {
  const next = out + (<usize>popcnt(ends) << 2);
  while (ends) {
    ends = writeTwo(out, at, ends);
    ends = writeTwo(out + 8, at, ends);
    ends = writeTwo(out + 16, at, ends);
    ends = writeTwo(out + 24, at, ends);
    out += 32;
  }
  return next;
}

// @ts-ignore: decorator
@inline
function writeTwo(out: usize, at: usize, ends: u64): u64 {
  store<u32>(out, <u32>(at + <usize>ctz(ends)));
  ends &= ends - 1;
  store<u32>(out, <u32>(at + <usize>ctz(ends)), 4);
  return ends & (ends - 1);
}

/** The same where the engine has no vectors: eight bytes at a time. */
function indexWords(from: usize, to: usize, positions: usize): usize {
  const newline = newlineMode == NEWLINE_CR ? CR : LF;
  let seen: u64 = 0;
  let out = positions;
  let found: i32 = 0;
  for (let at = from; at < to; at += 64) {
    const keep: u64 = to - at < 64 ? ((<u64>1) << (to - at)) - 1 : ~(<u64>0);
    for (let i: usize = 0; i < 64; i += 8) seen |= load<u64>(at + i);
    let rows = wordsMask(at, newline);
    if (newlineMode == NEWLINE_MIXED)
      rows |= wordsMask(at, CR) & ~((rows >> 1) | (<u64>(load<u8>(at + 64) == LF) << 63));
    let ends = (rows | wordsMask(at, separator)) & keep;
    rows &= keep;
    const quotes = quote ? wordsMask(at, quote) & keep : 0;
    if (isCarried || quotes) {
      const within = quotedBytes(at, at == from, quotes, ends, rows, wordsMask(at, CR), keep);
      ends &= ~within;
      rows &= ~within;
    }
    found += <i32>popcnt(rows);
    out = writePositions(out, at, ends);
  }
  nonAscii = seen & 0x8080808080808080 ? 1 : 0;
  rowEnds = found;
  return out;
}

/** Where a byte is among 64. */
function wordsMask(at: usize, byte: i32): u64 {
  const pattern = <u64>byte * 0x0101010101010101;
  let mask: u64 = 0;
  for (let i: usize = 0; i < 64; i += 8) {
    const x = load<u64>(at + i) ^ pattern;
    const zero = ~(((x & 0x7f7f7f7f7f7f7f7f) + 0x7f7f7f7f7f7f7f7f) | x) & 0x8080808080808080;
    mask |= (((zero >> 7) * 0x0102040810204080) >> 56) << i;
  }
  return mask;
}
