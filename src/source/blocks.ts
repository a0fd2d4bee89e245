import { decode } from "./encoding.ts";
import { openFile } from "./open-file.ts";
import { afterLines } from "./skipped-lines.ts";
import { type FileSource, type SourceFile, totalBytes } from "./source.ts";
import { unpacked } from "./unpacked.ts";

/** A stretch of a text file. */
export interface Block {
  readonly text: string;
  readonly bytes: number;
  /** At the start of a file: the first line is whole. */
  readonly isStart: boolean;
  /** Up to the end of a file: the last line is whole. */
  readonly isEnd: boolean;
}

export interface Blocks {
  readonly blocks: readonly Block[];
  /** Of all files after decompression. */
  readonly totalBytes: number;
  /** `totalBytes` may be off by this share either way. */
  readonly totalError: number;
}

const BLOCK = 64 * 1024;
const MOST_BLOCKS = 32;
const UNPACKED = 1024 * 1024;
/** A block holds at least so many rows, for one that begins within a row must hold whole ones too. */
const ROWS = 8;
/** Rows longer than an eighth of it are not looked at whole. */
const MOST_BLOCK = 32 * 1024 * 1024;
/** Of all blocks, where rows are long. */
const MOST_BYTES = 32 * 1024 * 1024;
const LF = 10;
const CR = 13;

/** The text of a block up to so many letters, and beyond these as far as so many rows go. */
export function startOfBlock(block: Block, letters: number, rows = ROWS): Block {
  const end = Math.max(letters, endOfRows(block.text, rows));
  if (end >= block.text.length) return block;
  return { ...block, text: block.text.slice(0, end), isEnd: false };
}

function endOfRows(text: string, rows: number): number {
  const mark = text.includes("\n") ? "\n" : "\r";
  let at = 0;
  for (let row = 0; row <= rows; row++) {
    const next = text.indexOf(mark, at);
    if (next === -1) return text.length;
    at = next + 1;
  }
  return at;
}

/**
 * At most so many blocks spread evenly over all files, or all of it when it is small; of a compressed file only the start can be read. Lines
 * above the names are left out.
 *
 * @throws {DataError} E_DAMAGED_FILE
 */
export async function readBlocks(source: FileSource, most = MOST_BLOCKS): Promise<Blocks> {
  const { skipRows = 0 } = source.text;
  const read = await readWithAll(source, most);
  if (skipRows === 0) return read;
  const blocks = read.blocks.map((block) =>
    block.isStart ? { ...block, text: afterLines(block.text, skipRows) } : block,
  );
  return { ...read, blocks };
}

async function readWithAll(source: FileSource, most: number): Promise<Blocks> {
  const { encoding } = source.text;
  if (source.compression === "gzip") return readCompressed(source.files, encoding);
  if (source.bytes <= BLOCK * MOST_BLOCKS && source.files.length <= MOST_BLOCKS) {
    const blocks = await Promise.all(source.files.map((file) => readBlock(file, 0, file.bytes, encoding)));
    return { blocks, totalBytes: source.bytes, totalError: 0 };
  }
  const bytes = await blockBytes(source.files[0] as SourceFile);
  const fitting = Math.max(2, Math.min(most, Math.floor(MOST_BYTES / bytes)));
  const places = spread(source, fitting, bytes);
  const blocks = await Promise.all(places.map(({ file, at }) => readBlock(file, at, bytes, encoding)));
  return { blocks, totalBytes: source.bytes, totalError: 0 };
}

/** Longer where the rows are, as those of ten thousand columns. */
async function blockBytes(file: SourceFile): Promise<number> {
  await using handle = await openFile(file.path);
  let [at, rows] = [0, 0];
  const buffer = Buffer.allocUnsafe(BLOCK);
  while (rows <= ROWS && at < Math.min(file.bytes, MOST_BLOCK)) {
    const { bytesRead } = await handle.read(buffer, 0, BLOCK, at);
    if (bytesRead === 0) break;
    rows += rowEnds(buffer.subarray(0, bytesRead));
    at += BLOCK;
  }
  return Math.max(BLOCK, at);
}

/** As many as it matters whether there are. */
function rowEnds(bytes: Buffer): number {
  const mark = bytes.includes(LF) ? LF : CR;
  let count = 0;
  for (let at = bytes.indexOf(mark); at !== -1 && count <= ROWS; at = bytes.indexOf(mark, at + 1)) count++;
  return count;
}

/** The first block is the start of the first file, which has the names. */
function spread({ files, bytes }: FileSource, most: number, block: number): { file: SourceFile; at: number }[] {
  const places: { file: SourceFile; at: number }[] = [];
  const step = bytes / most;
  let [index, before] = [0, 0];
  for (let i = 0; i < most; i++) {
    const at = i * step;
    while (index < files.length - 1 && at >= before + (files[index] as SourceFile).bytes)
      before += (files[index++] as SourceFile).bytes;
    const file = files[index] as SourceFile;
    // An even number keeps the two bytes of UTF-16 together.
    const inFile = Math.max(0, Math.min(Math.floor((at - before) / 2) * 2, file.bytes - block));
    const last = places.at(-1);
    if (last?.file !== file || inFile >= last.at + block) places.push({ file, at: inFile - (inFile % 2) });
  }
  return places;
}

async function readBlock(file: SourceFile, at: number, bytes: number, encoding: string | undefined): Promise<Block> {
  const handle = await openFile(file.path);
  try {
    const buffer = Buffer.allocUnsafe(Math.min(bytes, file.bytes - at));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    const read = buffer.subarray(0, bytesRead);
    return { text: decode(read, encoding), bytes: bytesRead, isStart: at === 0, isEnd: at + bytesRead >= file.bytes };
  } finally {
    await handle.close();
  }
}

/** The compression of the first megabyte stands for the rest, unless the trailer of a file says its size. */
async function readCompressed(files: readonly SourceFile[], encoding: string | undefined): Promise<Blocks> {
  const first = files[0] as SourceFile;
  const { buffer, consumed, isWhole } = await unpackStart(first);
  const ratio = buffer.length / Math.max(1, consumed);
  const guess = totalBytes(files) * ratio;
  const block = { text: decode(buffer, encoding), bytes: buffer.length, isStart: true, isEnd: isWhole };
  if (isWhole && files.length === 1) return { blocks: [block], totalBytes: buffer.length, totalError: 0 };
  const stated = await Promise.all(files.slice(0, 64).map(trailerSize));
  const known = stated.reduce((sum, size) => sum + size, 0);
  // The trailer counts modulo 4 GiB, and only the last member of several.
  const isPlausible = files.length <= 64 && known > guess * 0.6 && known < guess * 1.7;
  return { blocks: [block], totalBytes: isPlausible ? known : guess, totalError: isPlausible ? 0 : 0.25 };
}

async function unpackStart(file: SourceFile): Promise<{ buffer: Buffer; consumed: number; isWhole: boolean }> {
  const parts: Buffer[] = [];
  let [length, rows, consumed] = [0, 0, 0];
  let isWhole = true;
  for await (const { piece, read } of unpacked(file.path, UNPACKED / 8)) {
    parts.push(piece);
    length += piece.length;
    rows += rowEnds(piece);
    consumed = read;
    const isEnough = length >= UNPACKED || read >= UNPACKED;
    if (!isEnough || (rows <= ROWS && length < MOST_BLOCK)) continue;
    isWhole = false;
    break;
  }
  return { buffer: Buffer.concat(parts), consumed: Math.min(consumed, file.bytes), isWhole };
}

async function trailerSize(file: SourceFile): Promise<number> {
  const handle = await openFile(file.path);
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, Math.max(0, file.bytes - 4));
    return buffer.readUInt32LE(0);
  } finally {
    await handle.close();
  }
}
