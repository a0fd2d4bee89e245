import { describe, expect, test } from "vitest";
import { DataError } from "../../../src/errors.ts";
import type { ByteSource } from "../../../src/scan/rows/text-buffer.ts";
import { toUtf8 } from "../../../src/scan/rows/transcode.ts";
import { Feed, FeedReader } from "../../../src/scan/threads/feed.ts";

const nothing = () => undefined;

describe("the feed from one thread to another", () => {
  test("gives each file's bytes in order, whatever is asked for at a time", () => {
    const [feed, reader] = both();
    for (const part of ["one ", "", "file"]) expect(feed.tryWrite(Buffer.from(part))).toBe(true);
    expect(feed.tryWrite(undefined)).toBe(true);
    expect(readAll(reader.nextFile(nothing, nothing), 3)).toBe("one file");
    feed.tryWrite(Buffer.from("two"));
    feed.tryWrite(undefined);
    const two = reader.nextFile(nothing, nothing);
    expect(readAll(two, 100)).toBe("two");
    expect(two.read(Buffer.alloc(1))).toBe(0);
  });

  test.each([1, 5, 2 ** 20, 3 * 2 ** 20])(
    "takes no more than some bytes, fewer once they are read, and says when there is room (blocks of %i)",
    (bytes) => {
      const [feed, reader] = both();
      const rooms: string[] = [];
      const fill = () => {
        let written = 0;
        while (feed.tryWrite(new Uint8Array(bytes))) written++;
        return written;
      };
      const before = fill();
      expect(before).toBeGreaterThan(1);
      expect(before * bytes).toBeLessThan(64 * 2 ** 20);
      expect(before).toBeLessThan(1000);
      const source = reader.nextFile(() => rooms.push("room"), nothing);
      const into = Buffer.alloc(bytes);
      source.read(into);
      expect([rooms, fill()]).toEqual([["room"], 0]);
      for (let i = 1; i < before; i++) source.read(into);
      expect(rooms).toEqual(["room", "room"]);
      const later = fill();
      expect(later).toBeGreaterThan(1);
      expect(later).toBeLessThan(before / 2);
    },
  );

  test("moves a block's memory where it is all of it, and leaves other memory alone", () => {
    const [feed, reader] = both();
    const [whole, part] = [new Uint8Array([1, 2]), new Uint8Array([3, 4, 5]).subarray(1)];
    for (const bytes of [whole, part, undefined]) feed.tryWrite(bytes);
    expect([whole.length, ...part]).toEqual([0, 4, 5]);
    expect(readAll(reader.nextFile(nothing, nothing), 100)).toBe("\x01\x02\x04\x05");
  });

  test("frees a block when it has been read, and not when the collector looks", () => {
    const [feed, reader] = both();
    const source = reader.nextFile(nothing, nothing);
    const into = Buffer.alloc(2 ** 20);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 30; i++) {
      feed.tryWrite(new Uint8Array(2 ** 20));
      source.read(into);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 2 ** 20);
  });

  test("frees the blocks that no thread took when it is closed", async () => {
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 4; i++) {
      const feed = new Feed();
      while (feed.tryWrite(new Uint8Array(2 ** 20)));
      feed.close();
    }
    await expect.poll(() => process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 2 ** 20);
  });

  test("a reader that waits can be told to leave", () => {
    const leave = () => {
      throw new DataError("E_TEST", "leave");
    };
    expect(() => both()[1].nextFile(nothing, leave).read(Buffer.alloc(1))).toThrow("leave");
  });
});

function both(): [Feed, FeedReader] {
  const feed = new Feed();
  return [feed, new FeedReader(feed.end)];
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
