import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { inflateRawSync } from "node:zlib";
import { DataError } from "../../errors.ts";
import { safePath, type UnpackOptions } from "./tar.ts";

const END = 0x06054b50;
const ENTRY = 0x02014b50;

/** Unpacks files of a zip (a Python wheel), which is small enough to be held in memory. */
export async function unpackZip(
  archive: string,
  target: string,
  { place, signal, onRead }: UnpackOptions,
): Promise<void> {
  const bytes = readFileSync(archive);
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || bytes.readUInt32LE(end) !== END)
    throw new DataError("E_ARCHIVE", `${path.basename(archive)} is no zip`);
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    signal?.throwIfAborted();
    if (bytes.readUInt32LE(at) !== ENTRY) throw new DataError("E_ARCHIVE", `${path.basename(archive)} is broken`);
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    const wanted = name.endsWith("/") ? undefined : place(name);
    if (wanted !== undefined) {
      const file = safePath(target, wanted);
      await mkdir(path.dirname(file), { recursive: true });
      const isProgram = ((bytes.readUInt32LE(at + 38) >>> 16) & 0o100) !== 0;
      await writeFile(file, contentOf(bytes, at), { mode: isProgram ? 0o755 : 0o644 });
    }
    at += 46 + nameLength + extra + comment;
    onRead?.(at);
  }
}

function contentOf(bytes: Buffer, entry: number): Buffer {
  const method = bytes.readUInt16LE(entry + 10);
  const size = bytes.readUInt32LE(entry + 20);
  const local = bytes.readUInt32LE(entry + 42);
  const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const packed = bytes.subarray(from, from + size);
  return method === 0 ? packed : inflateRawSync(packed);
}
