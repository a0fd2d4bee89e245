import type { FileHandle } from "node:fs/promises";
import { DataError } from "../errors.ts";
import { pauses } from "../pauses.ts";
import { type ArrowSchema, arrow, type Data, type DataType, type Vector } from "./arrow.ts";
import { type DataSize, sizeOfWords } from "./data-size.ts";
import { unpackLz4InTurns } from "./lz4.ts";

/** Where a record batch lies in a file, as its footer says. */
export interface BatchPlace {
  readonly offset: number;
  readonly metaDataLength: number;
  readonly bodyLength: number;
}

type Fields = ArrowSchema["fields"];

interface Region {
  readonly offset: number;
  readonly length: number;
}

/** What lies between two regions is read with them where it is less: a call costs as much. */
const GAP = 64 * 1024;
/** Before the metadata stand a sign and their length, of old files the length alone. */
const [SIGN, SIGN_BYTES, LENGTH_BYTES] = [-1, 4, 4];
/** Of a packed region: its length when unpacked, or that it is not packed. */
const [PREFIX_BYTES, NOT_PACKED] = [8, -1n];

/** Whether all columns that are wanted lie as those of numbers or texts do, and of the others is known how many regions they have. */
export function isReadHere(fields: Fields, isWanted: readonly boolean[]): boolean {
  return fields.every(({ type }, i) => {
    const { nodes, regions } = layoutOf(type, () => 0);
    return Number.isFinite(regions) && (nodes === 1 || !isWanted[i]);
  });
}

export interface BatchColumns {
  /** The wanted columns. */
  readonly data: readonly (Data | undefined)[];
  /** Of all columns, also of those that were not read. */
  readonly sizes: readonly DataSize[];
  readonly rows: number;
}

/** The wanted columns of a batch; of the others nothing is read but, where they are packed, how much they have unpacked. */
export async function readBatchColumns(
  handle: FileHandle,
  place: BatchPlace,
  fields: Fields,
  isWanted: readonly boolean[],
  dictionaries: ReadonlyMap<number, Vector>,
): Promise<BatchColumns> {
  const header = await readHeader(handle, place);
  const parts = partsOf(fields, header);
  const regions = parts.flatMap((part, i) => (isWanted[i] ? part.regions : []));
  const bodyAt = place.offset + place.metaDataLength;
  const unpack = header.compression === null ? undefined : codecOf(header.compression.type);
  const prefixes = unpack ? parts.flatMap((part, i) => (isWanted[i] ? [] : textRegions(part).map(prefixOf))) : [];
  const read = await readRegions(handle, bodyAt, place.bodyLength, [...regions, ...prefixes]);
  const data: (Data | undefined)[] = [];
  for (const [i, { type, length, nullCount, regions }] of parts.entries()) {
    const bytes: Uint8Array[] = [];
    for (const region of isWanted[i] ? regions : [])
      bytes.push(unpack ? await unpacked(read(region), unpack) : read(region));
    data.push(isWanted[i] ? dataOf(type, length, nullCount, bytes, dictionaries) : undefined);
  }
  const lengthOf = (region: Region) => (unpack ? unpackedLength(read(prefixOf(region)), region) : region.length);
  const sizes = parts.map((part) => sizeOf(part, lengthOf, dictionaries));
  return { data, sizes, rows: header.length };
}

/** As the metadata tell it; short texts of views lie between other things, and are not told. */
function sizeOf(part: Part, lengthOf: (region: Region) => number, dictionaries: ReadonlyMap<number, Vector>): DataSize {
  const { type, nullCount: nulls } = part;
  const words = arrow().DataType.isDictionary(type) ? dictionaries.get(type.id) : undefined;
  if (words) return { nulls, ...sizeOfWords(words) };
  return { nulls, words: 0, textBytes: textRegions(part).reduce((sum, region) => sum + lengthOf(region), 0) };
}

/** Where the bytes of its texts lie. */
function textRegions({ type, regions }: Part): readonly Region[] {
  return isView(type) || hasOffsets(type) ? regions.slice(2) : [];
}

type Header = Awaited<ReturnType<typeof readHeader>>;

async function readHeader(handle: FileHandle, { offset, metaDataLength }: BatchPlace) {
  const bytes = await readBytes(handle, offset, metaDataLength);
  const first = new DataView(bytes.buffer).getInt32(0, true);
  const message = arrow().Message.decode(bytes.subarray(LENGTH_BYTES + (first === SIGN ? SIGN_BYTES : 0)));
  if (!message.isRecordBatch()) throw damaged("where a batch should be there is none");
  return message.header();
}

interface Part {
  readonly type: DataType;
  readonly length: number;
  readonly nullCount: number;
  readonly regions: readonly Region[];
}

/** What each column has of a batch. */
function partsOf(fields: Fields, { nodes, buffers, variadicBufferCounts }: Header): readonly Part[] {
  let [node, buffer, view] = [0, 0, 0];
  const parts = fields.map(({ type }) => {
    const layout = layoutOf(type, () => variadicBufferCounts[view++] ?? 0);
    const { length = -1, nullCount = 0 } = nodes[node] ?? {};
    const regions = buffers.slice(buffer, buffer + layout.regions);
    node += layout.nodes;
    buffer += layout.regions;
    return { type, length, nullCount, regions };
  });
  if (node !== nodes.length || buffer !== buffers.length) throw damaged("a batch has other columns than the file");
  return parts;
}

/** How many nodes and regions a column has, NaN where that is not known; `variadic` gives for each column of views the regions of its texts. */
function layoutOf(type: DataType, variadic: () => number): { readonly nodes: number; readonly regions: number } {
  const own = ownRegions(type, variadic);
  // What the words of a dictionary have inside lies with the dictionary.
  const children = arrow().DataType.isDictionary(type) ? [] : (type.children ?? []);
  const inner = children.map((child) => layoutOf(child.type, variadic));
  const nodes = 1 + inner.reduce((sum, child) => sum + child.nodes, 0);
  return { nodes, regions: own + inner.reduce((sum, child) => sum + child.regions, 0) };
}

function ownRegions(type: DataType, variadic: () => number): number {
  const { DataType } = arrow();
  if (DataType.isNull(type)) return 0;
  if (DataType.isUnion(type)) return Number.NaN;
  if (isView(type)) return 2 + variadic();
  if (DataType.isStruct(type) || DataType.isFixedSizeList(type)) return 1;
  return hasOffsets(type) ? 3 : 2;
}

function isView(type: DataType): boolean {
  const { DataType } = arrow();
  return DataType.isUtf8View(type) || DataType.isBinaryView(type);
}

function hasOffsets(type: DataType): boolean {
  const { DataType } = arrow();
  const isText = DataType.isUtf8(type) || DataType.isLargeUtf8(type);
  return isText || DataType.isBinary(type) || DataType.isLargeBinary(type);
}

/** Reads regions of a body, those that lie together at once, and gives the bytes of each. */
async function readRegions(
  handle: FileHandle,
  bodyAt: number,
  bodyBytes: number,
  regions: readonly Region[],
): Promise<(region: Region) => Uint8Array> {
  const blocks = await Promise.all(
    joined(regions).map(async ({ from, to }) => {
      if (from < 0 || to > bodyBytes) throw damaged("a column reaches beyond its batch");
      return { from, to, bytes: await readBytes(handle, bodyAt + from, to - from) };
    }),
  );
  return ({ offset, length }) => {
    const block = blocks.find(({ from, to }) => from <= offset && offset + length <= to);
    const bytes = block?.bytes.subarray(offset - block.from, offset - block.from + length) ?? new Uint8Array();
    // Numbers of eight bytes lie at places that eight divides.
    return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  };
}

function joined(regions: readonly Region[]): { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const { offset, length } of [...regions].sort((a, b) => a.offset - b.offset)) {
    const last = found.at(-1);
    if (length === 0) continue;
    if (last && offset - last.to < GAP) last.to = Math.max(last.to, offset + length);
    else found.push({ from: offset, to: offset + length });
  }
  return found;
}

async function readBytes(handle: FileHandle, position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer as ArrayBuffer);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await handle.read(bytes, at, length - at, position + at);
    if (bytesRead === 0) throw damaged("it ends within a batch");
    at += bytesRead;
  }
  return bytes;
}

type Unpack = (packed: Uint8Array) => Uint8Array | Promise<Uint8Array>;

function codecOf(type: number): Unpack {
  const pause = pauses();
  if (type === arrow().CompressionType.LZ4_FRAME) return (packed) => unpackLz4InTurns(packed, pause);
  const decode = arrow().compressionRegistry.get(type)?.decode;
  if (!decode) throw damaged("its batches are packed in a way that is not known");
  return decode;
}

function unpacked(bytes: Uint8Array, unpack: Unpack): Uint8Array | Promise<Uint8Array> {
  if (bytes.length <= PREFIX_BYTES) return new Uint8Array();
  const packed = bytes.subarray(PREFIX_BYTES);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true);
  return length === NOT_PACKED ? packed : unpack(packed);
}

function prefixOf({ offset, length }: Region): Region {
  return { offset, length: Math.min(length, PREFIX_BYTES) };
}

function unpackedLength(prefix: Uint8Array, { length }: Region): number {
  if (length <= PREFIX_BYTES) return 0;
  const unpacked = new DataView(prefix.buffer, prefix.byteOffset).getBigInt64(0, true);
  return unpacked === NOT_PACKED ? length - PREFIX_BYTES : Number(unpacked);
}

function dataOf(
  type: DataType,
  length: number,
  nullCount: number,
  regions: readonly Uint8Array[],
  dictionaries: ReadonlyMap<number, Vector>,
): Data {
  const { DataType, makeData } = arrow();
  const [nullBitmap, ...values] = regions;
  const nulls = nullCount > 0 ? { nullCount, nullBitmap } : { nullCount: 0 };
  if (isView(type)) {
    const [views, ...variadicBuffers] = values;
    return makeData({ type, length, ...(nullCount > 0 && nulls), views, variadicBuffers } as never);
  }
  const [valueOffsets, data] = values.length === 2 ? values : [undefined, values[0]];
  const dictionary = DataType.isDictionary(type) ? dictionaries.get(type.id) : undefined;
  return makeData({ type, length, ...nulls, valueOffsets, data, dictionary } as never);
}

function damaged(why: string): DataError {
  return new DataError("E_DAMAGED_FILE", why);
}
