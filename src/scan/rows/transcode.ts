import path from "node:path";
import { DataError } from "../../errors.ts";
import { decode } from "../../source/encoding.ts";
import type { Dialect } from "../table.ts";
import type { ByteSource } from "./text-buffer.ts";

const CHUNK_BYTES = 256 * 1024;

/**
 * The same text in UTF-8; a source of UTF-8 is handed back as it is. A byte order mark is kept, as UTF-8 has it.
 *
 * @throws {DataError} E_ENCODING while it is read, where bytes are no UTF-16
 */
export function toUtf8(source: ByteSource, encoding: Dialect["encoding"], file: string): ByteSource {
  if (encoding === "utf-8") return source;
  const toText = encoding === "utf-16le" ? utf16(file) : byBytes(encoding);
  const raw = new Uint8Array(CHUNK_BYTES);
  let ahead = new Uint8Array(0);
  let isEnded = false;
  return {
    read(into) {
      while (ahead.length === 0 && !isEnded) {
        const count = source.read(raw);
        isEnded = count === 0;
        ahead = encoder.encode(toText(raw.subarray(0, count)));
      }
      const part = ahead.subarray(0, into.length);
      into.set(part);
      ahead = ahead.subarray(part.length);
      return part.length;
    },
  };
}

const encoder = new TextEncoder();

/** Every byte is a character. */
function byBytes(encoding: string): (bytes: Uint8Array) => string {
  return (bytes) => decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), encoding);
}

/** Called with no bytes at the end. */
function utf16(file: string): (bytes: Uint8Array) => string {
  const decoder = new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true });
  return (bytes) => {
    try {
      return decoder.decode(bytes, { stream: bytes.length > 0 });
    } catch (cause) {
      throw new DataError("E_ENCODING", `${path.basename(file)} is not UTF-16: it holds half a character`, {
        cause,
        hint: "say --encoding, the one that it was written in",
      });
    }
  };
}
