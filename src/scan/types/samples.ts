import { setImmediate as nextTurn } from "node:timers/promises";
import { type Block, startOfBlock } from "../../source/blocks.ts";
import type { Kernel } from "../kernel.ts";
import { BlockReader } from "../rows/blocks.ts";
import type { FieldTable } from "../rows/field-table.ts";
import { takeHead } from "../rows/head.ts";
import { RowFault } from "../rows/row-fault.ts";
import type { ByteSource } from "../rows/text-buffer.ts";
import type { Dialect } from "../table.ts";
import { rowReader } from "../values/field-text.ts";

/** No kind needs more of a value. */
const MOST_BYTES = 200;
/** Of many pieces so many are looked at, and of each so many letters, or as many as some rows have: enough to find its first row. */
export const MOST_PIECES = 8;
const MOST_LETTERS = 24 * 1024;

/**
 * The different texts of each column in rows of pieces of a text, cut into fields as the scan will cut them; of each piece evenly taken
 * ones, `most` in all; the event loop gets its turn between them. A row that does not fit the columns ends its piece: it is for the scan to say what is wrong with it.
 */
export async function sampleTexts(
  kernel: Kernel,
  blocks: readonly Block[],
  dialect: Dialect,
  columns: number,
  most: number,
): Promise<Set<string>[]> {
  const reader = new BlockReader(kernel, dialect, columns);
  const texts = Array.from({ length: columns }, () => new Set<string>());
  const pieces = blocks.length < MOST_PIECES ? blocks : fewer(blocks);
  for (const block of pieces) {
    await nextTurn();
    const all = sourceOf(Buffer.from(block.text));
    const source = block.isStart ? takeHead(all, { ...dialect, skip: 0 }).rest : all;
    const step = Math.max(1, Math.ceil((rowsOf(block) * pieces.length) / most));
    let last: readonly string[] = [];
    const take = (row: readonly string[]) => {
      for (const [i, text] of last.entries()) texts[i]?.add(text);
      last = row;
    };
    try {
      reader.read(source, (fields) => takeRows(kernel, fields, columns, dialect, step, take), {
        isGuess: !block.isStart,
      });
    } catch (failure) {
      if (!(failure instanceof RowFault)) throw failure;
    }
    // Else the piece may end within its last row.
    if (block.isEnd) take([]);
  }
  reader.free();
  return texts;
}

/** The first piece, the last and some between, cut short. */
function fewer(blocks: readonly Block[]): Block[] {
  const step = (blocks.length - 1) / (MOST_PIECES - 1);
  return Array.from({ length: MOST_PIECES }, (_, i) => {
    const block = blocks[Math.round(i * step)] as Block;
    return block.isEnd ? block : startOfBlock(block, MOST_LETTERS);
  });
}

/** About so many, by the length of the first ones. */
function rowsOf({ text }: Block): number {
  const start = text.slice(0, 4096);
  return (text.length * start.split(/[\r\n]+/).length) / Math.max(1, start.length);
}

function takeRows(
  kernel: Kernel,
  fields: FieldTable,
  columns: number,
  dialect: Dialect,
  step: number,
  take: (texts: readonly string[]) => void,
): void {
  const textsOf = rowReader(Buffer.from(kernel.bytes.buffer), fields, columns, dialect, MOST_BYTES);
  for (let row = 0; row < fields.rows; row += step) take(textsOf(row));
}

/** Bytes that are in memory already. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  let at = 0;
  return {
    read(into) {
      const part = bytes.subarray(at, at + into.length);
      into.set(part);
      at += part.length;
      return part.length;
    },
  };
}
