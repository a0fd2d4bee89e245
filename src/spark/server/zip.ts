import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { crc32, inflateRawSync } from "node:zlib";
import { DataError, Interrupted } from "../../errors.ts";
import { safePath, type UnpackOptions } from "./tar.ts";

const END = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const ENTRY = 0x02014b50;

/**
 * Unpacks files of a zip (a Python wheel), which is small enough to be held in memory.
 *
 * @throws {DataError} E_ARCHIVE
 * @throws {Interrupted}
 */
export async function unpackZip(archive: string, target: string, options: UnpackOptions): Promise<void> {
  const name = path.basename(archive);
  try {
    await unpack(readFileSync(archive), target, options);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!/^(Z_|ERR_OUT_OF_RANGE|ERR_BUFFER_OUT_OF_BOUNDS)/.test(code)) throw error;
    throw new DataError("E_ARCHIVE", `${name} is broken`, { cause: error });
  }
}

async function unpack(bytes: Buffer, target: string, { place, signal, onRead }: UnpackOptions): Promise<void> {
  const end = bytes.lastIndexOf(END);
  if (end < 0) throw new DataError("E_ARCHIVE", "the file is no zip");
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (signal?.aborted) throw new Interrupted();
    if (bytes.readUInt32LE(at) !== ENTRY) throw new DataError("E_ARCHIVE", "the zip is broken");
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
  const content = method === 0 ? packed : inflateRawSync(packed);
  if (crc32(content) !== bytes.readUInt32LE(entry + 16)) throw new DataError("E_ARCHIVE", "the zip is broken");
  return content;
}
