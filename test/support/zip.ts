import { inflateRawSync } from "node:zlib";

/** The entries of a zip archive whose name is wanted, by its central directory. */
export function readZip(bytes: Buffer, isWanted: (name: string) => boolean): ReadonlyMap<string, Buffer> {
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  const count = bytes.readUInt16LE(end + 10);
  const entries = new Map<string, Buffer>();
  for (let i = 0, at = bytes.readUInt32LE(end + 16); i < count; i++) {
    const lengths = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const name = bytes.toString("utf8", at + 46, at + 46 + (lengths[0] ?? 0));
    if (isWanted(name)) {
      const local = bytes.readUInt32LE(at + 42);
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      const packed = bytes.subarray(start, start + bytes.readUInt32LE(at + 20));
      entries.set(name, bytes.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed));
    }
    at += 46 + lengths.reduce((sum, length) => sum + length, 0);
  }
  return entries;
}
