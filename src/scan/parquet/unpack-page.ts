import type { Kernel } from "../kernel.ts";

/** How pages are packed. */
export const CODEC = { none: 0, snappy: 1, gzip: 2, zstd: 6 } as const;

type Zlib = typeof import("node:zlib");

/** Whether pages that are packed like that are unpacked here: Zstandard is Node's, from 22.15 on. */
export function isUnpacked(codec: number): boolean {
  if (codec === CODEC.zstd) return "zstdDecompressSync" in zlib();
  return codec === CODEC.none || codec === CODEC.snappy || codec === CODEC.gzip;
}

/** Unpacks bytes of the kernel's memory into exactly `size` others there; false where they do not come to it. */
export function unpackPage(
  kernel: Kernel,
  codec: number,
  from: number,
  bytes: number,
  to: number,
  size: number,
): boolean {
  if (codec === CODEC.snappy) return Boolean(kernel.calls.unpackSnappy(from, bytes, to, size));
  const packed = kernel.bytes.subarray(from, from + bytes);
  if (codec === CODEC.none) {
    if (bytes !== size) return false;
    kernel.bytes.copyWithin(to, from, from + bytes);
    return true;
  }
  const unpacked = unzip(codec, packed, size);
  if (unpacked?.length !== size) return false;
  kernel.bytes.set(unpacked, to);
  return true;
}

function unzip(codec: number, packed: Uint8Array, size: number): Uint8Array | undefined {
  const limits = { maxOutputLength: Math.max(1, size) };
  try {
    if (codec === CODEC.gzip) return zlib().gunzipSync(packed, limits);
    const { zstdDecompressSync } = zlib() as Zlib & {
      zstdDecompressSync?: (packed: Uint8Array, limits: object) => Uint8Array;
    };
    return zstdDecompressSync?.(packed, limits);
  } catch {
    // Whatever is wrong with it, the general engine says it.
    return undefined;
  }
}

/** Most files need none of it, and a thread would wait for it to load. */
function zlib(): Zlib {
  return process.getBuiltinModule("node:zlib");
}
