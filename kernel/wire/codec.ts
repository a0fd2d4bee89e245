import { createHmac, timingSafeEqual } from "node:crypto";
import { Message } from "#jmp";
import type { Header, Json, JupyterMessage } from "./message.ts";
import type { Frame } from "./send-queue.ts";

const DELIMITER = Buffer.from("<IDS|MSG>");

/** zeromq copies a text, and lends a Buffer: when that has gone, it wakes this thread to give it back. Of more than this a copy costs more. */
const MOST_CHARS_COPIED = 16_384;

/** How many signatures are remembered against replay. */
const REMEMBERED = 65_536;

/** Frames to messages and back, signed with the connection's key. */
export class Codec {
  readonly #key: string;
  #seen = new Set<string>();
  #seenBefore = new Set<string>();

  constructor(key: string) {
    this.#key = key;
  }

  /** Without jmp's signature, which it makes from a deprecated kind of Buffer. */
  encode(message: JupyterMessage): Frame[] {
    const frames = framesOf(message).map((frame) => (typeof frame === "string" ? toFrame(frame) : frame));
    const at = message.identities.length + 1;
    if (this.#key !== "") frames[at] = this.#sign(frames.slice(at + 1, at + 5));
    return frames;
  }

  /**
   * The signature is checked on the raw frames, in constant time, before anything is parsed.
   * Gives why a message is refused instead of throwing: one bad frame must not end a kernel.
   */
  decode(frames: readonly Buffer[]): { readonly message: JupyterMessage } | { readonly refused: string } {
    const at = frames.findIndex((frame) => frame.equals(DELIMITER));
    if (at < 0) return { refused: "no delimiter" };
    if (frames.length < at + 6) return { refused: "truncated" };
    const signature = frames[at + 1] as Buffer;
    if (!this.#isGenuine(signature, frames.slice(at + 2, at + 6))) return { refused: "bad signature" };
    if (this.#isReplay(signature.toString("latin1"))) return { refused: "replayed" };
    try {
      // jmp looks for the delimiter as text in every identity; ours are taken off first.
      const decoded = Message._decode(frames.slice(at), "sha256", "");
      if (!decoded || !isHeader(decoded.header)) return { refused: "no message" };
      return {
        message: {
          identities: frames.slice(0, at),
          header: decoded.header,
          parentHeader: asObject(decoded.parent_header),
          metadata: asObject(decoded.metadata),
          content: asObject(decoded.content),
          buffers: decoded.buffers,
        },
      };
    } catch (error) {
      return { refused: error instanceof Error ? error.message : String(error) };
    }
  }

  #sign(frames: readonly Frame[]): string {
    const hmac = createHmac("sha256", this.#key);
    for (const frame of frames) hmac.update(frame);
    return hmac.digest("hex");
  }

  #isGenuine(signature: Buffer, frames: readonly Buffer[]): boolean {
    if (this.#key === "") return true;
    const expected = Buffer.from(this.#sign(frames));
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  }

  /** Two generations of signatures keep the memory bounded. */
  #isReplay(signature: string): boolean {
    if (this.#key === "") return false;
    if (this.#seen.has(signature) || this.#seenBefore.has(signature)) return true;
    this.#seen.add(signature);
    if (this.#seen.size >= REMEMBERED / 2) {
      this.#seenBefore = this.#seen;
      this.#seen = new Set();
    }
    return false;
  }
}

function framesOf({
  identities,
  header,
  parentHeader,
  metadata,
  content,
  buffers,
}: JupyterMessage): (string | Buffer)[] {
  const fields = { idents: identities, header, parent_header: parentHeader, metadata, buffers };
  try {
    return new Message({ ...fields, content })._encode("sha256", "");
  } catch {
    // A cell may display what JSON does not have.
    return new Message({ ...fields, content: toEncodable(content) as Json })._encode("sha256", "");
  }
}

function toFrame(json: string): Frame {
  const text = wholeCharacters(json);
  return text.length > MOST_CHARS_COPIED ? Buffer.from(text) : text;
}

const ESCAPE = /\\(?:ud[89a-f][0-9a-f]{2}|.)/g;

/** JSON escapes half a character, as text that was cut in the middle of one has it; Python reads that, and cannot save it with the notebook. */
function wholeCharacters(json: string): string {
  if (!json.includes("\\ud")) return json;
  return json.replace(ESCAPE, (each) => (each.startsWith("\\ud") ? "\\ufffd" : each));
}

/** Big integers as text, rings cut, functions and what throws left out. */
function toEncodable(value: unknown, above: readonly unknown[] = []): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (above.includes(value)) return "[circular]";
  const inside = [...above, value];
  if (Array.isArray(value)) return value.map((each) => toEncodable(each, inside));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, toEncodable(each, inside)]));
}

function isHeader(value: unknown): value is Header {
  const header = value as Partial<Header> | null;
  return (
    typeof header === "object" &&
    header !== null &&
    typeof header.msg_type === "string" &&
    typeof header.msg_id === "string"
  );
}

function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
