import { constants, crc32, deflateRawSync, gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type UnpackExports, unpack } from "#unpack-kernel";
import { createFeed, FeedReader } from "../../../src/scan/threads/feed.ts";
import { gunzipFiles } from "../../../src/scan/threads/gunzip.ts";
import { unpackHere } from "../../../src/scan/threads/unpack-here.ts";
import { wasm } from "../../../src/scan/webassembly.ts";
import { randomOf } from "../chunked/datasets.ts";
import { testFolder, writeSource } from "./scan-table.ts";

const folder = testFolder();

const module = new wasm.Module(Buffer.from(unpack, "base64"));
const { Z_FILTERED, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE, Z_DEFAULT_STRATEGY } = constants;
const STRATEGIES = [Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED];

/** What is unpacked in this thread: as much as waits for a reader at most. */
function gunzip(packed: Uint8Array): Buffer {
  const end = createFeed();
  const { exports } = new wasm.Instance(module, { env: { memory: end.memory } });
  gunzipFiles(exports as unknown as UnpackExports, end, [writeSource(folder, "data.gz", Buffer.from(packed))]);
  const source = new FeedReader(end).nextFile(() => undefined);
  const parts: Buffer[] = [];
  for (;;) {
    const part = Buffer.alloc(2 ** 20);
    const count = source.read(part);
    if (count === 0) return Buffer.concat(parts);
    parts.push(part.subarray(0, count));
  }
}

/** Bytes in which each kind of code comes: of few letters, of all, repeated near and far, in runs. */
function textOf(seed: number, length: number): Buffer {
  const draw = randomOf(seed).next;
  const text = Buffer.alloc(length);
  const letters = 1 + Math.floor(draw() ** 3 * 256);
  for (let at = 0; at < length; ) {
    const kind = draw();
    const run = 1 + Math.floor(draw() ** 4 * 3000);
    const back = 1 + Math.floor(draw() ** 3 * 40_000);
    for (let i = 0; i < run && at < length; i++, at++)
      text[at] = kind < 0.5 && back <= at ? (text[at - back] as number) : Math.floor(draw() ** 2 * letters);
  }
  return text;
}

/** Undefined for what is damaged to it. */
function unpackedByZlib(packed: Buffer): Buffer | undefined {
  try {
    return gunzipSync(packed);
  } catch {
    return undefined;
  }
}

describe("what was packed is unpacked", () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))("as it was, whatever packed it (%i)", (seed) => {
    const draw = randomOf(seed + 1000).next;
    const text = textOf(seed, Math.floor(draw() ** 2 * 2_000_000));
    for (const strategy of STRATEGIES)
      for (const level of [0, 1, 6, 9]) {
        const memLevel = 1 + Math.floor(draw() * 9);
        const windowBits = 9 + Math.floor(draw() * 7);
        const unpacked = gunzip(gzipSync(text, { level, strategy, memLevel, windowBits }));
        expect(unpacked.equals(text), `strategy ${strategy}, level ${level}`).toBe(true);
      }
  });

  test("of several members, with all that a head may hold", () => {
    const packed = [textOf(1, 5000), Buffer.alloc(0), textOf(2, 300_000)].map((text) => ({
      text,
      raw: gzipSync(text),
    }));
    const heads = [
      [4, [3, 0, 1, 2, 3]],
      [8 | 16, [...Buffer.from("name\0a comment\0")]],
      [1 | 4 | 8, [1, 0, 9, ...Buffer.from("n\0")]],
    ] as const;
    const members = packed.map(({ raw }, i) => {
      const [flags, more] = heads[i] as (typeof heads)[number];
      return Buffer.concat([
        raw.subarray(0, 3),
        Buffer.from([flags]),
        raw.subarray(4, 10),
        Buffer.from(more),
        raw.subarray(10),
      ]);
    });
    expect(gunzip(Buffer.concat(members)).equals(Buffer.concat(packed.map(({ text }) => text)))).toBe(true);
  });
});

test("of a head that has a sum each byte is checked", () => {
  const raw = gzipSync("some text");
  const fields = Buffer.from("\x02\x00abname\0comment\0", "latin1");
  const head = Buffer.concat([raw.subarray(0, 3), Buffer.from([2 | 4 | 8 | 16]), raw.subarray(4, 10), fields]);
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(crc32(head) & 0xffff);
  const packed = Buffer.concat([head, sum, raw.subarray(10)]);
  expect(gunzip(packed).toString()).toBe("some text");
  for (let place = 4; place < head.length + 2; place++) {
    const hurt = Buffer.from(packed);
    hurt[place] = (hurt[place] as number) ^ 1;
    expect(unpackedByZlib(hurt), `byte ${place}`).toBeUndefined();
    expect(() => gunzip(hurt), `byte ${place}`).toThrow(expect.objectContaining({ code: "E_DAMAGED_FILE" }));
  }
});

describe("a damaged file", () => {
  const text = textOf(9, 40_000);
  const packed = gzipSync(text);

  test("that is cut off anywhere is cut off", () => {
    for (let length = 1; length < packed.length; length += length < 60 || length > packed.length - 30 ? 1 : 97)
      expect(() => gunzip(packed.subarray(0, length)), `${length} bytes`).toThrow("is cut off in the middle");
  });

  test("with any bit changed is damaged, as zlib says", () => {
    const draw = randomOf(5).next;
    let damaged = 0;
    // Behind the flags are the time and the system, which say nothing of the data.
    const places = [0, 1, 2, ...Array.from({ length: 200 }, () => 10 + Math.floor(draw() * (packed.length - 10)))];
    for (const place of places) {
      const hurt = Buffer.from(packed);
      hurt[place] = (hurt[place] as number) ^ (1 << Math.floor(draw() * 8));
      const known = unpackedByZlib(hurt);
      if (known) expect(gunzip(hurt).equals(known)).toBe(true);
      else expect(() => gunzip(hurt), `byte ${place}`).toThrow(expect.objectContaining({ code: "E_DAMAGED_FILE" }));
      if (!known) damaged++;
    }
    expect(damaged).toBeGreaterThan(180);
  });

  test.each([
    ["a block of no kind", [0x07], /invalid data/],
    ["a stored block whose lengths differ", [0x01, 5, 0, 0, 0], /invalid data/],
    ["more codes than there are", [0xfd, 0xff, 0xff], /invalid data/],
    ["a distance before the first byte", [0x4b, 0x04, 0x22, 0], /invalid data|incorrect data check|cut off/],
  ])("%s", (_, deflated, message) => {
    const head = gzipSync("").subarray(0, 10);
    expect(() => gunzip(Buffer.concat([head, Buffer.from(deflated), Buffer.alloc(2000, 0xff)]))).toThrow(message);
  });

  test("what stands behind its members is no gzip", () => {
    expect(() => gunzip(Buffer.concat([packed, Buffer.from("hello")]))).toThrow(/incorrect header check/);
  });
});

test("in the calling thread a text is read as often as it is wanted, and left to threads where it is larger than it looked", () => {
  const texts = [textOf(3, 2_000_000), textOf(4, 1_000), Buffer.alloc(0)];
  const files = texts.map((text, i) => writeSource(folder, `${i}.gz`, gzipSync(text)));
  const begin = unpackHere(files);
  for (const count of [3, 1, 2, 3]) {
    const nextFile = begin?.();
    for (const text of texts.slice(0, count)) {
      const source = nextFile?.();
      const read = Buffer.alloc(text.length);
      for (let at = 0; at < read.length; ) at += source?.read(read.subarray(at)) ?? Number.NaN;
      expect(read.equals(text)).toBe(true);
      expect(source?.read(Buffer.alloc(1))).toBe(0);
    }
  }
  expect(unpackHere([writeSource(folder, "large.gz", gzipSync(Buffer.alloc(10_000_000)))])).toBeUndefined();
  expect(unpackHere(Array.from({ length: 300 }, () => files[1] as (typeof files)[0]))).toBeUndefined();
});

test("nothing is written outside of the room that is given", () => {
  for (let seed = 0; seed < 20; seed++) {
    const text = textOf(seed, 100_000);
    const raw = deflateRawSync(text);
    const memory = new wasm.Memory({ initial: 16, maximum: 16, shared: true });
    const { exports } = new wasm.Instance(module, { env: { memory } });
    const kernel = exports as unknown as UnpackExports;
    const bytes = new Uint8Array(memory.buffer);
    const input = kernel.freeBytes();
    const output = input + raw.length + 2048;
    bytes.set(raw, input);
    bytes.fill(0xaa, output - 512, output + text.length + 2000);
    kernel.begin();
    kernel.setInput(input, input + raw.length);
    for (let [at, how] = [output, 1]; how === 1; at = kernel.outputAt()) {
      kernel.setOutput(at, output);
      how = kernel.inflate(input + raw.length + 1, at + 1000);
      expect(how === 1 || how === 2).toBe(true);
      expect(kernel.outputAt()).toBeLessThan(at + 1000 + 258);
      const behind = bytes.subarray(kernel.outputAt() + 16, kernel.outputAt() + 600);
      expect(behind.every((byte) => byte === 0xaa)).toBe(true);
    }
    expect(Buffer.from(bytes.subarray(output, output + text.length)).equals(text)).toBe(true);
    expect(bytes.subarray(output - 512, output).every((byte) => byte === 0xaa)).toBe(true);
  }
});
