import { open } from "node:fs/promises";
import { Thrift } from "./thrift.ts";

const MARK = "PAR1";
/** Length of the footer, and the mark behind it. */
const TAIL_BYTES = 8;
/** What the system reads as fast as less; most footers are in it. */
const GUESSED_BYTES = 2 ** 16;

/** The footer of a Parquet file, to be read; undefined where it is no such file, or the footer has more than so many bytes. */
export async function parquetFooter(file: string, most: number): Promise<Thrift | undefined> {
  await using handle = await open(file);
  const { size } = await handle.stat();
  if (size < 2 * TAIL_BYTES) return undefined;
  const end = await read(Math.min(size, GUESSED_BYTES));
  const tail = end.subarray(-TAIL_BYTES);
  const length = tail.readUInt32LE(0);
  if (tail.toString("latin1", 4) !== MARK || length > Math.min(most, size - TAIL_BYTES)) return undefined;
  const whole = length + TAIL_BYTES;
  const bytes = whole <= end.length ? end : await read(whole);
  return new Thrift(bytes.subarray(bytes.length - whole, -TAIL_BYTES));

  /** Bytes at the end of the file. */
  async function read(bytes: number): Promise<Buffer> {
    return (await handle.read(Buffer.alloc(bytes), 0, bytes, size - bytes)).buffer;
  }
}
