/** Numbers of 64 bits by their rows, by halves: each would be an object. Of `taken`, where it is given, from `start` to `end`. */
export function gatherWords<T extends BigInt64Array | BigUint64Array>(
  words: T,
  rows: Uint32Array,
  taken = new (words.constructor as new (length: number) => T)(rows.length),
  start = 0,
  end = rows.length,
): T {
  const from = new Uint32Array(words.buffer, words.byteOffset, 2 * words.length);
  const to = new Uint32Array(taken.buffer, taken.byteOffset, 2 * taken.length);
  for (let i = start; i < end; i++) {
    const row = 2 * (rows[i] as number);
    to[2 * i] = from[row] as number;
    to[2 * i + 1] = from[row + 1] as number;
  }
  return taken;
}
