import type { EngineColumn, EngineTable, TypedColumn } from "../../query/engine-table.ts";
import { JointDictionary } from "./joint-dictionary.ts";

/** Texts one behind the other in UTF-8: text `i` lies between `offsets[i]` and `offsets[i + 1]`. */
export interface SentTexts {
  readonly offsets: Uint32Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** One column of a chunk on its way to another thread. */
export interface SentColumn {
  /** Values; codes for texts. Undefined where each row has its own text in `texts`. */
  readonly values: TypedColumn | undefined;
  /** Arrow's bitmap; undefined when nothing is missing. */
  readonly validity: Uint8Array<ArrayBuffer> | undefined;
  /** Texts that are new in the column's dictionary, or, without values, those of the rows. */
  readonly texts: SentTexts | undefined;
}

/** Where the rows behind a chunk begin: rows that pass the tests, and are not its own, are counted from the start of a block. */
export interface SentEnd {
  /** Offset of the block in its file. */
  readonly offset: number;
  /** Number of the block's first row, above that of its piece. */
  readonly row: number;
  /** Rows of the block that are in chunks up to here. */
  readonly pass: number;
}

/** Rows on their way to another thread; every array has a buffer of its own, to be moved. */
export interface SentChunk {
  /** Its number among all chunks, by which they are handed out. */
  readonly number: number;
  /** Who made it: each thread has dictionaries of its own. */
  readonly thread: number;
  readonly rows: number;
  /** Undefined where there were no rows at all. */
  readonly end?: SentEnd | undefined;
  readonly columns: readonly SentColumn[];
}

/** The buffers of a chunk, to be moved with it. */
export function buffersOf({ columns }: SentChunk): ArrayBuffer[] {
  const arrays = columns.flatMap(({ values, validity, texts }) => [values, validity, texts?.offsets, texts?.bytes]);
  return arrays.filter((array) => array !== undefined).map((array) => array.buffer as ArrayBuffer);
}

/** Makes columns of the chunks that come from scanning threads, in their order: dictionaries grow from chunk to chunk. */
export class ChunkReceiver {
  readonly #columns: readonly { readonly name: string; readonly type: string }[];
  readonly #dictionaries: readonly JointDictionary[];

  constructor(columns: readonly { readonly name: string; readonly type: string }[]) {
    this.#columns = columns;
    this.#dictionaries = columns.map(() => new JointDictionary());
  }

  take({ rows, thread, columns }: SentChunk): EngineTable {
    return { rows, columns: columns.map((column, i) => this.#columnOf(column, i, rows, thread)) };
  }

  #columnOf({ values, validity, texts }: SentColumn, index: number, rows: number, thread: number): EngineColumn {
    const { name, type } = this.#columns[index] as { name: string; type: string };
    if (values === undefined) return { name, type, values: textsOfRows(texts as SentTexts, validity, rows) };
    if (texts === undefined) return { name, type, values, validity };
    const dictionary = this.#dictionaries[index] as JointDictionary;
    dictionary.take(thread, decodeTexts(texts), values as Int32Array);
    return { name, type, values, validity, dictionary: dictionary.texts };
  }
}

/** Strings of their own, so that none keeps the whole chunk in memory. */
function* decodeTexts({ offsets, bytes }: SentTexts): Generator<string> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i + 1 < offsets.length; i++) yield all.toString("utf8", offsets[i], offsets[i + 1]);
}

function textsOfRows(texts: SentTexts, validity: Uint8Array | undefined, rows: number): (string | null)[] {
  const values: (string | null)[] = new Array(rows);
  let row = 0;
  for (const text of decodeTexts(texts)) {
    const isMissing = validity !== undefined && (((validity[row >> 3] as number) >> (row & 7)) & 1) === 0;
    values[row++] = isMissing ? null : text;
  }
  return values;
}
