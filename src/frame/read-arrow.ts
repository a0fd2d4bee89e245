import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import zlib from "node:zlib";
import { DataError, OutgrowError } from "../errors.ts";
import { type ArrowSchema, arrow, type Data, type RecordBatch, type Vector } from "./arrow.ts";
import { type BatchPlace, isReadHere, readBatchColumns } from "./arrow-columns.ts";
import { type DataSize, sizeOfData } from "./data-size.ts";
import { unpackLz4 } from "./lz4.ts";

/** A record batch of a file, and how much of the file was read with it, 0 to 1. */
export interface ReadBatch {
  readonly batch: RecordBatch;
  readonly fraction: number;
}

/**
 * The schema of an Arrow file or stream, from its footer or its first message.
 *
 * @throws {DataError} E_DAMAGED_FILE
 */
export async function readArrowSchema(file: string): Promise<ArrowSchema> {
  await using source = await openReader(file);
  return source.reader.schema;
}

/** The schema of a message as other formats carry it in base64; undefined where it is none, or of a later version. */
export function readSchemaMessage(base64: string): ArrowSchema | undefined {
  try {
    return arrow().RecordBatchReader.from(Buffer.from(base64, "base64")).open({ autoDestroy: false }).schema;
  } catch {
    return undefined;
  }
}

/**
 * The record batches of an Arrow file or stream, one at a time: never more than one of them and the dictionaries are in memory.
 *
 * @throws {DataError} E_DAMAGED_FILE, E_ZSTD
 */
export async function* readArrowBatches(file: string): AsyncGenerator<ReadBatch, void, undefined> {
  await using source = await openReader(file);
  yield* batchesOf(source, file);
}

async function* batchesOf(source: Source, file: string): AsyncGenerator<ReadBatch, void, undefined> {
  const batches = source.reader[Symbol.asyncIterator]();
  for (;;) {
    const step = await batches.next().catch((cause: unknown) => {
      throw failureOf(file, cause);
    });
    if (step.done) return;
    yield { batch: step.value as RecordBatch, fraction: source.fraction() };
  }
}

/** Columns of a record batch, those that were not wanted left out. */
export interface ReadColumns {
  readonly fields: ArrowSchema["fields"];
  /** By field. */
  readonly data: readonly (Data | undefined)[];
  /** Of all columns, by field. */
  readonly sizes: readonly DataSize[];
  readonly rows: number;
  readonly fraction: number;
}

/**
 * Columns of an Arrow file or stream, a batch at a time while the next one is read. Of files nothing is read of columns that are not wanted.
 *
 * @throws {DataError} E_DAMAGED_FILE, E_ZSTD
 */
export async function* readArrowColumns(
  file: string,
  choose: (fields: ArrowSchema["fields"]) => readonly boolean[],
): AsyncGenerator<ReadColumns, void, undefined> {
  await using source = await openReader(file);
  const { reader, handle } = source;
  const { fields } = reader.schema;
  const isWanted = choose(fields);
  if (!reader.footer || !isReadHere(fields, isWanted)) {
    for await (const { batch, fraction } of batchesOf(source, file)) {
      const data = fields.map((_, i) => (isWanted[i] ? batch.data.children[i] : undefined));
      yield { fields, data, sizes: batch.data.children.map(sizeOfData), rows: batch.numRows, fraction };
    }
    return;
  }
  const blocks = placesOf(reader.footer, file);
  const load = (i: number) =>
    readBatchColumns(handle, blocks[i] as BatchPlace, fields, isWanted, reader.dictionaries).catch((cause: unknown) => {
      throw failureOf(file, cause);
    });
  let next: ReturnType<typeof load> | undefined;
  try {
    for (const [i, { bodyLength }] of blocks.entries()) {
      const batch = await (next ?? load(i));
      const isAhead = i + 1 < blocks.length && bodyLength < MOST_AHEAD;
      next = isAhead ? load(i + 1) : undefined;
      // Who fails with this one does not wait for that.
      next?.catch(() => undefined);
      yield { ...batch, fields, fraction: (i + 1) / blocks.length };
    }
  } finally {
    await next?.catch(() => undefined);
  }
}

/** @throws {DataError} E_DAMAGED_FILE */
function placesOf(footer: Footer, file: string): readonly BatchPlace[] {
  try {
    return [...footer.recordBatches()];
  } catch (cause) {
    throw failureOf(file, cause);
  }
}

/** A larger batch is not read while another one is worked on. */
const MOST_AHEAD = 64 * 2 ** 20;

interface Source extends AsyncDisposable {
  readonly reader: Reader & AsyncIterable<unknown>;
  readonly handle: FileHandle;
  fraction(): number;
}

interface Footer {
  recordBatches(): Iterable<BatchPlace>;
}

/** What the library has read of a file when it was opened: of a stream no footer. */
interface Reader {
  readonly schema: ArrowSchema;
  readonly footer: Footer | null | undefined;
  readonly dictionaries: ReadonlyMap<number, Vector>;
}

async function openReader(file: string): Promise<Source> {
  const { RecordBatchReader } = arrow();
  addCodecs();
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const counted = new CountedFile(handle);
    const reader = await RecordBatchReader.from(counted as unknown as FileHandle);
    await reader.open({ autoDestroy: false });
    // A stream that is cut off before its schema is closed at once.
    if (reader.closed || !reader.schema || !reader.schema.fields.every(hasWidth)) throw failureOf(file, undefined);
    return {
      reader: reader as unknown as Source["reader"],
      handle,
      fraction: () => Math.min(1, counted.bytesRead / Math.max(1, size)),
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (failure) {
    await handle.close();
    throw failureOf(file, failure);
  }
}

/** The library believes any width that the metadata tell of whole numbers. */
function hasWidth({ type }: ArrowSchema["fields"][number]): boolean {
  return !arrow().DataType.isInt(type) || [8, 16, 32, 64].includes(type.bitWidth);
}

/** A file that knows how much was read of it, and that only we close. */
class CountedFile {
  readonly #handle: FileHandle;
  readonly fd: number;
  bytesRead = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
    this.fd = handle.fd;
  }

  stat() {
    return this.#handle.stat();
  }

  async read(buffer: Uint8Array, offset: number, length: number, position: number) {
    const done = await this.#handle.read(buffer, offset, length, position);
    this.bytesRead += done.bytesRead;
    return done;
  }

  async close(): Promise<void> {
    // The reader would close it where its batches end; who opened it does that.
  }
}

let hasCodecs = false;

function addCodecs(): void {
  if (hasCodecs) return;
  hasCodecs = true;
  const { CompressionType, compressionRegistry } = arrow();
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: unpackLz4 });
  compressionRegistry.set(CompressionType.ZSTD, { decode: unpackZstd });
}

/** Node 20 has no Zstandard. */
function unpackZstd(packed: Uint8Array): Uint8Array {
  const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (packed: Uint8Array) => Uint8Array };
  if (zstdDecompressSync) return zstdDecompressSync(packed);
  throw new DataError("E_ZSTD", "its batches are packed with Zstandard, which this version of Node cannot unpack", {
    hint: 'write it with compression "lz4" or none, or as Parquet; or run on Node 22.15 or newer',
  });
}

function failureOf(file: string, cause: unknown): OutgrowError {
  const name = path.basename(file);
  if (cause instanceof DataError && cause.code !== "E_DAMAGED_FILE")
    return new DataError(cause.code, `${name}: ${cause.message}`, { cause, hint: cause.hint ?? "" });
  if (cause instanceof OutgrowError && cause.code !== "E_DAMAGED_FILE") return cause;
  const type = cause instanceof Error && /^Unrecognized type: "?(\w+)/.exec(cause.message)?.[1];
  if (type)
    return new DataError("E_NO_TYPE", `${name} has a column of type ${type}, which is not read here`, {
      cause,
      hint: "write the file without that column or with a plain one in its place, or as Parquet",
    });
  const why = cause instanceof Error ? `: ${cause.message}` : "";
  return new DataError("E_DAMAGED_FILE", `${name} is cut off or damaged${why}`, {
    cause,
    hint: "fetch or write it again",
  });
}
