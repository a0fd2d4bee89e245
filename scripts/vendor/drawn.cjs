"use strict";
// Danfo draws from the first rows alone, and takes the labels of a filtered frame for places. These are places, and all are as likely.

/** Different whole numbers below `rows`; the same for the same seed. */
module.exports = function drawn(rows, count, seed) {
  const next = generator(String(seed));
  // What a shuffle has moved, so that few rows of many take no list of all.
  const moved = new Map();
  return Array.from({ length: count }, (_, i) => {
    const at = i + Math.floor(next() * (rows - i));
    const place = moved.get(at) ?? at;
    moved.set(at, moved.get(i) ?? i);
    return place;
  });
};

/** Numbers from 0 to below 1 (mulberry32, its seed hashed by FNV-1a). */
function generator(seed) {
  let state = 0x811c9dc5;
  for (const sign of seed) state = Math.imul(state ^ sign.codePointAt(0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
