// Two numbers of up to 16 digits at a time, one in each vector, their first digit in the lowest byte. Only where there are vectors.
// Constants are read from memory once before a loop and handed on: as literals they would be made anew in each turn.

/** For 0 to 16 digits: ones in the last so many bytes. */
const LAST: usize = memory.data(17 * 16, 16);
const ZEROS: usize = memory.data(16, 16);
const NINES: usize = memory.data(16, 16);
const PAIRS: usize = memory.data(16, 16);
const HUNDREDS: usize = memory.data(16, 16);
const MYRIADS: usize = memory.data(16, 16);
const EIGHTS: usize = memory.data(16, 16);

function fillTables(): void {
  for (let count = 1; count <= 16; count++) memory.fill(LAST + (count << 4) + 16 - count, 255, count);
  memory.fill(ZEROS, 48, 16);
  memory.fill(NINES, 9, 16);
  for (let i = 0; i < 16; i += 4) {
    store<u16>(PAIRS + i, 2561);
    store<u16>(PAIRS + i, 2561, 2);
    store<u16>(HUNDREDS + i, 100);
    store<u16>(HUNDREDS + i, 1, 2);
    store<u16>(MYRIADS + i, 10000);
    store<u16>(MYRIADS + i, 1, 2);
    store<u32>(EIGHTS + i, 100000000);
  }
}
fillTables();

@inline
export function loadZeros(): v128 {
  return v128.load(ZEROS);
}

@inline
export function loadNines(): v128 {
  return v128.load(NINES);
}

@inline
export function loadPairs(): v128 {
  return v128.load(PAIRS);
}

@inline
export function loadHundreds(): v128 {
  return v128.load(HUNDREDS);
}

@inline
export function loadMyriads(): v128 {
  return v128.load(MYRIADS);
}

@inline
export function loadEights(): v128 {
  return v128.load(EIGHTS);
}

/** Ones in the last `count` (0 to 16) bytes. */
@inline
export function lastBytes(count: u32): v128 {
  return v128.load(LAST + ((<usize>count) << 4));
}

/** The values of the last `count` (0 to 16) of sixteen digits; what stands before them becomes 0. */
@inline
export function lastSixteen(bytes: v128, count: u32, zeros: v128): v128 {
  return v128.and(v128.xor(bytes, zeros), lastBytes(count));
}

/** Not all zeros when some byte of either vector is no value of a digit. */
@inline
export function wrongLanes(a: v128, b: v128, nines: v128): v128 {
  return i8x16.sub_sat_u(i8x16.max_u(a, b), nines);
}

/** The two numbers that the values of digits make, as i64 lanes. */
@inline
export function joinLanes(a: v128, b: v128, pairs: v128, hundreds: v128, myriads: v128, eights: v128): v128 {
  const foursA = i32x4.dot_i16x8_s(i16x8.shr_u(i16x8.mul(a, pairs), 8), hundreds);
  const foursB = i32x4.dot_i16x8_s(i16x8.shr_u(i16x8.mul(b, pairs), 8), hundreds);
  const parts = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_u(foursA, foursB), myriads);
  // From upper and lower half of each number to both upper and both lower halves.
  const halves = i32x4.shuffle(parts, parts, 0, 2, 1, 3);
  return i64x2.add(i64x2.extmul_low_i32x4_u(halves, eights), i64x2.extend_high_i32x4_u(halves));
}

/** Turns the numbers whose flip is -1 into their negatives. */
@inline
export function negateLanes(numbers: v128, flipA: i64, flipB: i64): v128 {
  const flips = i64x2.replace_lane(i64x2.splat(flipA), 1, flipB);
  return i64x2.sub(v128.xor(numbers, flips), flips);
}
