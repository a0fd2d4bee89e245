import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import type { FileSource } from "../source/source.ts";
import { unpacked } from "../source/unpacked.ts";

/** Of files that are only looked at so much is enough: the engine itself looks at no more rows for types than are mostly in it. */
export const LOOKED_AT_BYTES = 2 ** 24;
/** Larger blocks than Node's own make it twice as fast. */
const BLOCK = 2 ** 20;

/** Lays the rows that begin a text file down in another one, as far as they are whole: those of about its first `most` bytes, unpacked, as `decode` has them. */
export async function layBeginning(
  from: string,
  to: string,
  { compression, quoting }: FileSource,
  most: number,
  decode: (bytes: Buffer) => string,
): Promise<void> {
  const text = decode(await beginning(from, compression, most));
  await writeFile(to, wholeRows(text, quoting?.quote ?? '"'));
}

async function beginning(file: string, compression: FileSource["compression"], most: number): Promise<Buffer> {
  const blocks: Buffer[] = [];
  let bytes = 0;
  for await (const block of compression === "gzip"
    ? unpackedBlocks(file)
    : createReadStream(file, { highWaterMark: BLOCK })) {
    blocks.push(block as Buffer);
    bytes += (block as Buffer).length;
    if (bytes >= most) break;
  }
  return Buffer.concat(blocks);
}

async function* unpackedBlocks(file: string): AsyncGenerator<Buffer, void, undefined> {
  for await (const { piece } of unpacked(file, BLOCK)) yield piece;
}

/** Without the last row, which is cut off somewhere. */
function wholeRows(text: string, quote: string): string {
  const end = text.includes("\n") ? "\n" : "\r";
  let isQuoted = text.split(quote).length % 2 === 0;
  for (let i = text.length - 1; i >= 0; i--) {
    if (text[i] === quote) isQuoted = !isQuoted;
    else if (text[i] === end && !isQuoted) return text.slice(0, i + 1);
  }
  return text;
}
