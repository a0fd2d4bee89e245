import { type ArrowSchema, arrow, type DataType } from "./arrow.ts";

/** Bytes of a body, `to` excluded. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** What lies between two ranges is read with them where it is less: a call costs as much. */
const GAP = 64 * 1024;

/**
 * Where in a body of so many bytes the columns lie that are wanted, as its metadata tell; undefined where these tell of no body of a batch, where it is packed, and for
 * columns whose layout is not known here.
 */
export function wantedRanges(
  metadata: Uint8Array,
  bodyBytes: number,
  { fields }: ArrowSchema,
  isWanted: readonly boolean[],
): readonly ByteRange[] | undefined {
  const header = batchOf(metadata, bodyBytes);
  if (!header) return undefined;
  const variadic = [...header.variadicBufferCounts];
  const counts = fields.map(({ type }) => buffersOf(type, variadic));
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all !== header.buffers.length) return undefined;
  let first = 0;
  const found = counts.flatMap((count, i) => {
    const buffers = header.buffers.slice(first, first + count);
    first += count;
    return isWanted[i] ? buffers.map(({ offset, length }) => ({ from: offset, to: offset + length })) : [];
  });
  return found.some(({ to }) => to > bodyBytes) ? undefined : joined(found.filter(({ from, to }) => from < to));
}

function batchOf(metadata: Uint8Array, bodyBytes: number) {
  try {
    const message = arrow().Message.decode(metadata);
    if (!message.isRecordBatch() || message.bodyLength !== bodyBytes) return undefined;
    const header = message.header();
    return header.compression === null ? header : undefined;
  } catch {
    // What lies before what is read is no message.
    return undefined;
  }
}

/** How many buffers a column has; NaN for a layout that is not known. */
function buffersOf(type: DataType, variadic: number[]): number {
  const { DataType } = arrow();
  const inner = () => (type.children ?? []).reduce((sum, child) => sum + buffersOf(child.type, variadic), 0);
  if (DataType.isNull(type)) return 0;
  if (DataType.isUnion(type)) return Number.NaN;
  if (DataType.isStruct(type) || DataType.isFixedSizeList(type)) return 1 + inner();
  if (DataType.isList(type) || DataType.isLargeList(type) || DataType.isMap(type)) return 2 + inner();
  if (DataType.isUtf8View(type) || DataType.isBinaryView(type)) return 2 + (variadic.shift() ?? Number.NaN);
  const hasOffsets =
    DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isBinary(type) || DataType.isLargeBinary(type);
  return hasOffsets ? 3 : 2;
}

function joined(ranges: readonly ByteRange[]): ByteRange[] {
  const found: ByteRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const before = found.at(-1);
    if (before && range.from - before.to < GAP)
      found[found.length - 1] = { from: before.from, to: Math.max(before.to, range.to) };
    else found.push(range);
  }
  return found;
}
