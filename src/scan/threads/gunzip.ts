import { crc32 } from "node:zlib";
import type { UnpackExports } from "#unpack-kernel";
import { damagedGzip } from "../../source/file-failures.ts";
import type { SourceFile } from "../../source/source.ts";
import { OpenFile } from "./byte-sources.ts";
import { type FeedEnd, FeedWriter } from "./feed.ts";
import { cutOff, GzipFault, PACKED_ROOM, PackedFile } from "./packed-file.ts";

/** What the kernel says when it stops. */
const STOP = { wantsInput: 0, wantsRoom: 1, isDone: 2, isFault: 3 } as const;
const MAGIC = 0x8b1f;
const DEFLATE = 8;
const FLAG = { headSum: 2, extra: 4, name: 8, comment: 16, unknown: 0xe0 } as const;
/** Behind the packed data of a member stand a sum and a length. */
const TRAILER = 8;

/**
 * Unpacks gzip files one after the other into a feed.
 *
 * @throws {DataError} E_DAMAGED_FILE, E_FILE_CHANGED
 * @throws STOPPED, FULL
 */
export function gunzipFiles(kernel: UnpackExports, end: FeedEnd, files: readonly SourceFile[]): void {
  const room = kernel.freeBytes();
  const into = new FeedWriter(end, room + PACKED_ROOM);
  for (const file of files) {
    using open = new OpenFile(file);
    const packed = new PackedFile(into.bytes, room, open.from(0), (bytes) => {
      into.leaveIfStopped();
      into.addPacked(bytes);
    });
    try {
      do unpackMember(kernel, packed, into);
      while (packed.passZeros());
      open.verify();
    } catch (failure) {
      open.verify();
      throw failure instanceof GzipFault ? damagedGzip(file.path, failure, packed.used) : failure;
    }
    into.endFile();
  }
}

function unpackMember(kernel: UnpackExports, packed: PackedFile, into: FeedWriter): void {
  passHead(packed);
  const { sum, length } = inflate(kernel, packed, into);
  if (packed.number(4) !== sum) throw new GzipFault("incorrect data check");
  if (packed.number(4) !== length % 2 ** 32) throw new GzipFault("incorrect length check");
}

/** Nothing in it matters to what is packed; some have a sum of their own. */
function passHead(packed: PackedFile): void {
  if (packed.number(2) !== MAGIC) throw new GzipFault("incorrect header check");
  if (packed.byte() !== DEFLATE) throw new GzipFault("unknown compression method");
  const flags = packed.byte();
  if (flags & FLAG.unknown) throw new GzipFault("unknown header flags set");
  packed.sum = flags & FLAG.headSum ? crc32(Uint8Array.of(MAGIC & 0xff, MAGIC >> 8, DEFLATE, flags)) : undefined;
  packed.skip(6);
  if (flags & FLAG.extra) packed.skip(packed.number(2));
  for (const flag of [FLAG.name, FLAG.comment]) while (flags & flag && packed.byte() !== 0);
  const { sum } = packed;
  if (sum === undefined) return;
  packed.sum = undefined;
  if (packed.number(2) !== (sum & 0xffff)) throw new GzipFault("header crc mismatch");
}

function inflate(kernel: UnpackExports, packed: PackedFile, into: FeedWriter): { sum: number; length: number } {
  let [sum, length] = [0, 0];
  kernel.begin();
  for (;;) {
    const from = into.at;
    kernel.setInput(packed.at, packed.end);
    kernel.setOutput(from, from - Math.min(length, from));
    const how = kernel.inflate(packed.stop, into.stop);
    packed.at = kernel.inputAt();
    const to = kernel.outputAt();
    if (to > from) sum = crc32(into.bytes.subarray(from, to), sum);
    length += to - from;
    // Packed data that go on where a trailer must stand are zeros behind the end.
    const isCut = packed.isEnded && packed.at > packed.end - TRAILER;
    if (isCut && how !== STOP.wantsRoom) throw cutOff();
    if (how === STOP.isFault) throw new GzipFault("invalid data");
    into.advance(to);
    if (how === STOP.isDone) return { sum, length };
    if (how === STOP.wantsInput) packed.readOn();
  }
}
