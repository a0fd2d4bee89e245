import { writeSync } from "node:fs";
import { serialize } from "node:v8";

/** Says a message to the supervisor as kernel/link/frames.ts writes it, which plain Node cannot import. */
export function sendFrame(message) {
  const body = serialize(message);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(body.length);
  const frame = Buffer.concat([head, body]);
  for (let at = 0; at < frame.length; ) at += writeSync(5, frame, at);
}
