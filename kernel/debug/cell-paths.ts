import os from "node:os";
import path from "node:path";

/** What front ends must know to find the path of a cell by themselves. */
export const CELL_PATHS = {
  hashMethod: "Murmur2",
  hashSeed: 0xc70f6907,
  tmpFilePrefix: path.join(os.tmpdir(), `outgrow-${process.pid}`) + path.sep,
  tmpFileSuffix: ".ts",
} as const;

/** The path by which a debugger speaks of a cell. It is only a name: no such file is written. */
export function pathOfCell(code: string): string {
  return `${CELL_PATHS.tmpFilePrefix}${murmur2(code, CELL_PATHS.hashSeed)}${CELL_PATHS.tmpFileSuffix}`;
}

const MULTIPLIER = 0x5bd1e995;

/** MurmurHash2 of the text's UTF-8 bytes. */
export function murmur2(text: string, seed: number): number {
  const bytes = Buffer.from(text);
  const whole = bytes.length & ~3;
  let hash = seed ^ bytes.length;
  for (let at = 0; at < whole; at += 4) {
    let word = Math.imul(bytes.readInt32LE(at), MULTIPLIER);
    word = Math.imul(word ^ (word >>> 24), MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ word;
  }
  if (whole < bytes.length) {
    for (let at = bytes.length - 1; at >= whole; at--) hash ^= (bytes[at] ?? 0) << (8 * (at - whole));
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return (hash ^ (hash >>> 15)) >>> 0;
}
