import { createReadStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import path from "node:path";
import { createGunzip } from "node:zlib";
import { DataError, Interrupted } from "../../errors.ts";

const BLOCK = 512;

export interface UnpackOptions {
  /** Where an entry goes, relative to the target; undefined leaves it out. */
  readonly place: (name: string) => string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the archive that were read. */
  readonly onRead?: ((bytes: number) => void) | undefined;
}

/**
 * Unpacks files of a `.tar.gz`, one block at a time. Node has no reader of its own, and not every machine a `tar`.
 *
 * @throws {DataError} E_ARCHIVE for what is no tar, and for names that lead out of the target
 */
export async function unpackTar(
  archive: string,
  target: string,
  { place, signal, onRead }: UnpackOptions,
): Promise<void> {
  const raw = createReadStream(archive, { highWaterMark: 1 << 20 });
  raw.on("data", () => onRead?.(raw.bytesRead));
  const unzipped = createGunzip({ chunkSize: 1 << 18 });
  raw.once("error", (error) => unzipped.destroy(error));
  const bytes = new ByteReader(raw.pipe(unzipped));
  let longName: string | undefined;
  try {
    for (;;) {
      if (signal?.aborted) throw new Interrupted();
      const header = await bytes.take(BLOCK);
      if (header === undefined || header[0] === 0) return;
      const { name, size, type, mode } = readHeader(header);
      const padding = (BLOCK - (size % BLOCK)) % BLOCK;
      if (type === "L" || type === "x") {
        const text = (await bytes.take(size))?.toString("utf8") ?? "";
        longName = type === "L" ? text.replace(/\0.*$/s, "") : (paxPath(text) ?? longName);
      } else {
        const wanted = type === "0" ? place(longName ?? name) : undefined;
        if (wanted === undefined) await bytes.pass(size, () => Promise.resolve());
        else await writeEntry(bytes, size, safePath(target, wanted), mode);
        longName = undefined;
      }
      await bytes.pass(padding, () => Promise.resolve());
    }
  } finally {
    raw.destroy();
  }
}

/** A path below the folder, whatever the archive says. */
export function safePath(folder: string, name: string): string {
  const full = path.resolve(folder, name);
  if (full.startsWith(path.resolve(folder) + path.sep)) return full;
  throw new DataError("E_ARCHIVE", `the archive names a file outside of its folder: "${name}"`);
}

async function writeEntry(bytes: ByteReader, size: number, file: string, mode: number): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const out = await open(file, "w", mode & 0o100 ? 0o755 : 0o644);
  try {
    await bytes.pass(size, async (part) => void (await out.write(part)));
  } finally {
    await out.close();
  }
}

function readHeader(header: Buffer): { name: string; size: number; type: string; mode: number } {
  const text = (from: number, length: number): string =>
    header.toString("utf8", from, from + length).replace(/\0.*$/s, "");
  const octal = (from: number, length: number): number => Number.parseInt(text(from, length).trim() || "0", 8);
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  if (sum !== octal(148, 8)) throw new DataError("E_ARCHIVE", "the archive is broken: a header's checksum is wrong");
  const prefix = text(257, 5) === "ustar" ? text(345, 155) : "";
  const type = text(156, 1);
  return {
    name: prefix ? `${prefix}/${text(0, 100)}` : text(0, 100),
    size: octal(124, 12),
    type: type || "0",
    mode: octal(100, 8),
  };
}

function paxPath(text: string): string | undefined {
  return /^\d+ path=(.*)$/m.exec(text)?.[1];
}

/** What zlib says of a gzip that is cut or damaged; a disk that fails says its own. */
function refuse(cause: NodeJS.ErrnoException): never {
  if (!cause.code?.startsWith("Z_")) throw cause;
  throw new DataError("E_ARCHIVE", `the archive is broken: ${cause.message}`, { cause });
}

/** Takes counted bytes from a stream of buffers. */
class ByteReader {
  readonly #parts: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#parts = stream[Symbol.asyncIterator]();
  }

  /** Exactly so many bytes, or undefined at the end. */
  async take(count: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    if (this.#rest.length === 0 && !(await this.#more())) return undefined;
    await this.pass(count, async (part) => void parts.push(part));
    return Buffer.concat(parts);
  }

  /** Hands on so many bytes as they come. */
  async pass(count: number, onPart: (part: Buffer) => Promise<void>): Promise<void> {
    for (let left = count; left > 0; ) {
      if (this.#rest.length === 0 && !(await this.#more()))
        throw new DataError("E_ARCHIVE", "the archive ends too early");
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      await onPart(part);
    }
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#parts.next().catch(refuse);
    if (done) return false;
    this.#rest = value;
    return true;
  }
}
