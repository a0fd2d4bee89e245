// The structural index: where fields and rows end. Quotes are followed by parity alone, which is right as long as each quote opens
// at a field's start and closes at its end; `oddQuotes` says when that is not so.
import { byteMask, maskOf } from "./byte-mask";
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

/** Two words a step, as a branch for quotes then costs half. */
const STEP: usize = 128;
/** Bytes after which the 8-bit counters of row ends are emptied: each step adds at most eight to a lane. */
const PAUSE: usize = 31 * STEP;

/**
 * Writes the addresses of separators and row ends outside of quotes and returns their number. In mixed mode a CR as the last byte
 * is a row end unless an LF follows it in memory. `positions` has room for every byte of the text and 64 more.
 */
export function indexBlock(from: usize, to: usize, positions: usize): i32 {
  startQuotes();
  rowEnds = 0;
  nonAscii = 0;
  let out = positions;
  let at = from;
  if (ASC_FEATURE_SIMD) {
    if (newlineMode != NEWLINE_MIXED) {
      at = from + ((to - from) & ~(STEP - 1));
      out = indexPairs(from, at, positions);
    }
  }
  for (; at < to; at += 64) out = indexWord(from, at, to, out);
  endsInQuote = isInside() ? 1 : 0;
  oddQuotes = wasOdd() ? 1 : 0;
  return <i32>((out - positions) >> 2);
}

/** Whole pairs of words of 64 bytes, in every mode but the mixed one. */
function indexPairs(from: usize, to: usize, positions: usize): usize {
  const separators = i8x16.splat(<i8>separator);
  const newlines = i8x16.splat(<i8>(newlineMode == NEWLINE_CR ? CR : LF));
  const quotes = i8x16.splat(<i8>quote);
  const isQuoted = quote ? i8x16.splat(-1) : i8x16.splat(0);
  let seen = i8x16.splat(0);
  let out = positions;
  let at = from;
  while (at < to) {
    const pause = min(to, at + PAUSE);
    let counts = i8x16.splat(0);
    for (; at < pause; at += STEP) {
      const a = v128.load(at);
      const b = v128.load(at, 16);
      const c = v128.load(at, 32);
      const d = v128.load(at, 48);
      const e = v128.load(at, 64);
      const f = v128.load(at, 80);
      const g = v128.load(at, 96);
      const h = v128.load(at, 112);
      seen = v128.or(seen, v128.or(either(a, b, c, d), either(e, f, g, h)));
      const na = i8x16.eq(a, newlines);
      const nb = i8x16.eq(b, newlines);
      const nc = i8x16.eq(c, newlines);
      const nd = i8x16.eq(d, newlines);
      const ne = i8x16.eq(e, newlines);
      const nf = i8x16.eq(f, newlines);
      const ng = i8x16.eq(g, newlines);
      const nh = i8x16.eq(h, newlines);
      counts = i8x16.sub(counts, i8x16.add(total(na, nb, nc, nd), total(ne, nf, ng, nh)));
      let ends = maskOf(
        v128.or(na, i8x16.eq(a, separators)),
        v128.or(nb, i8x16.eq(b, separators)),
        v128.or(nc, i8x16.eq(c, separators)),
        v128.or(nd, i8x16.eq(d, separators)),
      );
      let laterEnds = maskOf(
        v128.or(ne, i8x16.eq(e, separators)),
        v128.or(nf, i8x16.eq(f, separators)),
        v128.or(ng, i8x16.eq(g, separators)),
        v128.or(nh, i8x16.eq(h, separators)),
      );
      const qa = i8x16.eq(a, quotes);
      const qb = i8x16.eq(b, quotes);
      const qc = i8x16.eq(c, quotes);
      const qd = i8x16.eq(d, quotes);
      const qe = i8x16.eq(e, quotes);
      const qf = i8x16.eq(f, quotes);
      const qg = i8x16.eq(g, quotes);
      const qh = i8x16.eq(h, quotes);
      const quoted = v128.or(either(qa, qb, qc, qd), either(qe, qf, qg, qh));
      if (isCarried || v128.any_true(v128.and(isQuoted, quoted))) {
        const rows = maskOf(na, nb, nc, nd);
        const within = quotedBytes(at, at == from, maskOf(qa, qb, qc, qd), ends, rows, -1);
        const laterRows = maskOf(ne, nf, ng, nh);
        const laterWithin = quotedBytes(at + 64, false, maskOf(qe, qf, qg, qh), laterEnds, laterRows, -1);
        rowEnds -= <i32>popcnt(rows & within) + <i32>popcnt(laterRows & laterWithin);
        ends &= ~within;
        laterEnds &= ~laterWithin;
      }
      out = writePositions(out, at, ends);
      out = writePositions(out, at + 64, laterEnds);
    }
    rowEnds += sumOf(counts);
  }
  if (i8x16.bitmask(seen)) nonAscii = 1;
  return out;
}

@inline
function either(a: v128, b: v128, c: v128, d: v128): v128 {
  return v128.or(v128.or(a, b), v128.or(c, d));
}

@inline
function total(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.add(i8x16.add(a, b), i8x16.add(c, d));
}

function sumOf(counts: v128): i32 {
  const sums = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(counts));
  return (
    i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3)
  );
}

/** One word in any mode, of which only what lies before `to` counts. */
function indexWord(from: usize, at: usize, to: usize, out: usize): usize {
  const keep: u64 = to - at < 64 ? ((<u64>1) << (to - at)) - 1 : -1;
  let seen: u64 = 0;
  for (let i: usize = 0; i < 64; i += 8) seen |= load<u64>(at + i);
  if (seen & 0x8080808080808080) nonAscii = 1;
  let rows = byteMask(at, newlineMode == NEWLINE_CR ? CR : LF);
  if (newlineMode == NEWLINE_MIXED)
    rows |= byteMask(at, CR) & ~((rows >> 1) | (<u64>(load<u8>(at + 64) == LF) << 63));
  rows &= keep;
  let ends = rows | (byteMask(at, separator) & keep);
  const quotes = quote ? byteMask(at, quote) & keep : 0;
  if (isCarried || quotes) {
    const within = quotedBytes(at, at == from, quotes, ends, rows, keep);
    ends &= ~within;
    rows &= ~within;
  }
  rowEnds += <i32>popcnt(rows);
  return writePositions(out, at, ends);
}

/** Eight, then four at a time without a branch for each: what is written past the last one is overwritten later. */
@inline
function writePositions(out: usize, at: usize, ends: u64): usize {
  const next = out + (<usize>popcnt(ends) << 2);
  if (ends) {
    ends = writeTwo(out, at, ends);
    ends = writeTwo(out + 8, at, ends);
    ends = writeTwo(out + 16, at, ends);
    ends = writeTwo(out + 24, at, ends);
    while (ends) {
      out += 16;
      ends = writeTwo(out + 16, at, ends);
      ends = writeTwo(out + 24, at, ends);
    }
  }
  return next;
}

@inline
function writeTwo(out: usize, at: usize, ends: u64): u64 {
  store<u32>(out, <u32>(at + <usize>ctz(ends)));
  ends &= ends - 1;
  store<u32>(out, <u32>(at + <usize>ctz(ends)), 4);
  return ends & (ends - 1);
}
