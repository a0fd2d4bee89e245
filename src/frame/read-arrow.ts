import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import zlib from "node:zlib";
import { DataError, OutgrowError } from "../errors.ts";
import { type ArrowSchema, arrow, type RecordBatch } from "./arrow.ts";
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
  const batches = source.reader[Symbol.asyncIterator]();
  for (;;) {
    const step = await batches.next().catch((cause: unknown) => {
      throw failureOf(file, cause);
    });
    if (step.done) return;
    yield { batch: step.value as RecordBatch, fraction: source.fraction() };
  }
}

interface Source extends AsyncDisposable {
  readonly reader: { readonly schema: ArrowSchema } & AsyncIterable<unknown>;
  fraction(): number;
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
    if (reader.closed || !reader.schema) throw failureOf(file, undefined);
    return {
      reader: reader as unknown as Source["reader"],
      fraction: () => Math.min(1, counted.bytesRead / Math.max(1, size)),
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (failure) {
    await handle.close();
    throw failureOf(file, failure);
  }
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
