import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import zlib from "node:zlib";
import { DataError, OutgrowError } from "../errors.ts";
import { type ArrowSchema, arrow, type RecordBatch } from "./arrow.ts";
import { ArrowFile } from "./arrow-file.ts";
import { unpackLz4 } from "./lz4.ts";

/** A record batch of a file, and how much of the file was read with it, 0 to 1. */
export interface ReadBatch {
  readonly batch: RecordBatch;
  readonly fraction: number;
}

/** Which of the columns are wanted. */
export type ChooseFields = (fields: ArrowSchema["fields"]) => readonly boolean[];

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
 * The record batches of an Arrow file or stream, one at a time: never more than one of them and the dictionaries are in memory. Of columns that `choose`
 * leaves out the values need not be read: anything may stand there.
 *
 * @throws {DataError} E_DAMAGED_FILE, E_ZSTD
 */
export async function* readArrowBatches(
  file: string,
  choose?: ChooseFields,
): AsyncGenerator<ReadBatch, void, undefined> {
  await using source = await openReader(file);
  if (choose) source.choose(choose);
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
  choose(choose: ChooseFields): void;
}

async function openReader(file: string): Promise<Source> {
  const { RecordBatchReader } = arrow();
  addCodecs();
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const arrowFile = new ArrowFile(handle);
    const reader = await RecordBatchReader.from(arrowFile as unknown as FileHandle);
    await reader.open({ autoDestroy: false });
    // A stream that is cut off before its schema is closed at once.
    const { schema } = reader;
    if (reader.closed || !schema) throw failureOf(file, undefined);
    return {
      reader: reader as unknown as Source["reader"],
      fraction: () => Math.min(1, arrowFile.position / Math.max(1, size)),
      choose: (choose) => {
        arrowFile.wanted = { schema, isWanted: choose(schema.fields) };
      },
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (failure) {
    await handle.close();
    throw failureOf(file, failure);
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
