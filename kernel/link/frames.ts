import { deserialize, serialize } from "node:v8";
import type { ToSupervisor } from "./messages.ts";

/** The executor's way out: a pipe into which it writes and waits, so that a loop which never yields is heard, and cannot outrun the supervisor. */
export const LINK_FD = 5;

const HEAD = 4;

/** A message as it travels: its length, then its structured clone. */
export function encodeFrame(message: ToSupervisor): Buffer {
  const body = serialize(message);
  const head = Buffer.allocUnsafe(HEAD);
  head.writeUInt32LE(body.length);
  return Buffer.concat([head, body]);
}

/** Gives what takes the pipe's pieces, however they are cut. A message whose handler fails takes none of the others along. */
export function frameReader(onMessage: (message: ToSupervisor) => void): (piece: Buffer) => void {
  let pieces: Buffer[] = [];
  let size = 0;
  let wanted = HEAD;
  return (piece) => {
    pieces.push(piece);
    size += piece.length;
    if (size < wanted) return;
    const bytes = Buffer.concat(pieces);
    const { frames, rest, next } = cutFrames(bytes);
    pieces = rest.length > 0 ? [rest] : [];
    size = rest.length;
    wanted = next;
    for (const frame of frames) {
      try {
        onMessage(deserialize(frame));
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  };
}

/** The whole ones, what is left, and how long that must become. */
function cutFrames(bytes: Buffer): {
  readonly frames: readonly Buffer[];
  readonly rest: Buffer;
  readonly next: number;
} {
  const frames: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = bytes.length - at < HEAD ? at + HEAD : at + HEAD + bytes.readUInt32LE(at);
    if (end > bytes.length || bytes.length - at < HEAD) return { frames, rest: bytes.subarray(at), next: end - at };
    frames.push(bytes.subarray(at + HEAD, end));
    at = end;
  }
}
