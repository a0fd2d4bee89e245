import { describe, expect, test } from "vitest";
import { DataError } from "../../../src/errors.ts";
import type { ByteSource } from "../../../src/scan/rows/text-buffer.ts";
import { toUtf8 } from "../../../src/scan/rows/transcode.ts";
import { createFeed, FeedReader, FeedWatch, FeedWriter, STOPPED } from "../../../src/scan/threads/feed.ts";

const nothing = () => undefined;
const BLOCK = 512 * 1024;

describe("the feed from one thread to another", () => {
  test("gives each file's bytes in order, whatever is asked for at a time", () => {
    const { writer, reader } = both();
    for (const part of ["one ", "", "file"]) write(writer, Buffer.from(part));
    writer.endFile();
    expect(readAll(reader.nextFile(nothing), 3)).toBe("one file");
    writer.endFile();
    write(writer, Buffer.from("two"));
    writer.endFile();
    expect(readAll(reader.nextFile(nothing), 3)).toBe("");
    const two = reader.nextFile(nothing);
    expect(readAll(two, 100)).toBe("two");
    expect(two.read(Buffer.alloc(1))).toBe(0);
  });

  test("uses little memory where the reader keeps up, and has what was written last in front of what comes next", () => {
    const { writer, reader } = both();
    const source = reader.nextFile(nothing);
    const into = Buffer.alloc(BLOCK + 100);
    const places = new Set<number>();
    for (let i = 0; i < 300; i++) {
      const block = Buffer.alloc(BLOCK + (i % 100), i);
      write(writer, block);
      expect(source.read(into)).toBe(block.length);
      expect(into.subarray(0, block.length).equals(block)).toBe(true);
      const before = Buffer.from(writer.bytes.subarray(writer.at - 32 * 1024, writer.at));
      expect(before.equals(Buffer.alloc(32 * 1024, i))).toBe(true);
      places.add(writer.at);
    }
    expect(Math.max(...places) - Math.min(...places)).toBeLessThan(3 * 2 ** 20);
  });

  test.each([1, 3, 10, 40, 80])("keeps what was not read, however far the writer is (%i blocks)", (ahead) => {
    const { end, writer, reader } = both();
    const source = reader.nextFile(nothing);
    const into = Buffer.alloc(BLOCK);
    let written = 0;
    for (; written < ahead; written++) write(writer, Buffer.alloc(BLOCK, written));
    for (let read = 0; read < 250; read++) {
      expect(source.read(into)).toBe(BLOCK);
      expect(into.equals(Buffer.alloc(BLOCK, read))).toBe(true);
      write(writer, Buffer.alloc(BLOCK, written++));
    }
    new FeedWatch(end).stop();
    expect(() => write(writer, Buffer.alloc(BLOCK))).toThrow(expect.toSatisfy((cause) => cause === STOPPED));
  });

  test("a reader that waits can be told to leave", () => {
    const leave = () => {
      throw new DataError("E_TEST", "leave");
    };
    expect(() => both().reader.nextFile(leave).read(Buffer.alloc(1))).toThrow("leave");
  });
});

function both() {
  const end = createFeed();
  return { end, writer: new FeedWriter(end, 0), reader: new FeedReader(end) };
}

function write(writer: FeedWriter, bytes: Uint8Array): void {
  writer.bytes.set(bytes, writer.at);
  writer.advance(writer.at + bytes.length);
}

describe("text in other encodings", () => {
  const texts = ["", "plain", "größe 名前 😀 \uFEFFx", "x".repeat(300_000), "😀".repeat(100_000)];

  test.each(texts)("UTF-16 is UTF-8 afterwards, wherever it is cut (%#)", (text) => {
    for (const size of text.length < 100 ? [1, 3] : [65_535])
      expect(readAll(toUtf8(dealt(Buffer.from(text, "utf16le"), size), "utf-16le", "x"), 1000)).toBe(text);
  });

  test("Latin-1 has a character for every byte", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const all = String.fromCharCode(...bytes);
    expect(readAll(toUtf8(dealt(bytes, 7), "latin-1", "x"), 10)).toBe(all);
  });

  test.each([
    ["half a pair", [0x3d, 0xd8, 0x41, 0x00]],
    ["half a character", [0x41, 0x00, 0x42]],
  ])("UTF-16 with %s is an error", (_, bytes) => {
    const source = toUtf8(dealt(Uint8Array.from(bytes), 100), "utf-16le", "/data/odd.csv");
    expect(() => readAll(source, 100)).toThrow(
      expect.objectContaining({ code: "E_ENCODING", message: "odd.csv is not UTF-16: it holds half a character" }),
    );
  });
});

function dealt(bytes: Uint8Array, size: number): ByteSource {
  let at = 0;
  return {
    read(into) {
      const part = bytes.subarray(at, at + Math.min(size, into.length));
      into.set(part);
      at += part.length;
      return part.length;
    },
  };
}

function readAll(source: ByteSource, size: number): string {
  const parts: Buffer[] = [];
  for (;;) {
    const part = Buffer.alloc(size);
    const count = source.read(part);
    if (count === 0) return Buffer.concat(parts).toString();
    parts.push(part.subarray(0, count));
  }
}
