import { describe, expect, test } from "vitest";
import { DataError } from "../../../src/errors.ts";
import type { ByteSource } from "../../../src/scan/rows/text-buffer.ts";
import { toUtf8 } from "../../../src/scan/rows/transcode.ts";
import { Feed } from "../../../src/scan/threads/feed.ts";

const nothing = () => undefined;

describe("the ring between two threads", () => {
  test("gives each file's bytes in order, whatever is asked for at a time", () => {
    const feed = new Feed();
    const reader = new Feed(feed.buffer);
    for (const part of ["one ", "", "file"]) expect(feed.tryWrite(Buffer.from(part))).toBe(true);
    expect(feed.tryWrite(undefined)).toBe(true);
    expect(readAll(reader.nextFile(nothing, nothing), 3)).toBe("one file");
    feed.tryWrite(Buffer.from("two"));
    feed.tryWrite(undefined);
    expect(readAll(reader.nextFile(nothing, nothing), 100)).toBe("two");
  });

  test("is full after some slots, and says when there is room again, once", () => {
    const feed = new Feed();
    const rooms: string[] = [];
    const full = Buffer.alloc(Feed.slotBytes, "x");
    let written = 0;
    while (feed.tryWrite(full)) written++;
    expect(written).toBeGreaterThan(1);
    expect(written).toBeLessThan(20);
    const source = feed.nextFile(() => rooms.push("room"), nothing);
    for (let i = 0; i < 2; i++) source.read(Buffer.alloc(Feed.slotBytes));
    expect(rooms).toEqual(["room"]);
    expect([feed.tryWrite(full), feed.tryWrite(full), feed.tryWrite(full)]).toEqual([true, true, false]);
  });

  test("takes no more than a slot holds", () => {
    const feed = new Feed();
    expect(() => feed.tryWrite(Buffer.alloc(Feed.slotBytes + 1))).toThrow("no room");
    expect(feed.tryWrite(Buffer.alloc(Feed.slotBytes))).toBe(true);
  });

  test("a reader that waits can be told to leave", () => {
    const leave = () => {
      throw new DataError("E_TEST", "leave");
    };
    expect(() => new Feed().nextFile(nothing, leave).read(Buffer.alloc(1))).toThrow("leave");
  });
});

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
