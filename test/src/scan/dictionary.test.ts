import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Arena } from "../../../src/scan/arena.ts";
import { addTexts, type Texts, textsOf } from "../../../src/scan/groups/texts-of.ts";
import type { Kernel } from "../../../src/scan/kernel.ts";
import { newKernel, putFields, readColumn, setNullWords } from "./field-table.ts";

let kernel: Kernel;

beforeAll(async () => {
  kernel = await newKernel();
});

beforeEach(() => {
  kernel.calls.setNulls(0, 0);
});

afterAll(() => {
  expect(kernel.calls.brokenGuard()).toBe(0);
});

function codes(dict: number, fields: readonly string[]): (number | null)[] {
  return readColumn(kernel, fields, Uint32Array, ({ starts, skip, ends, stride, rows }, out, valid) =>
    kernel.calls.parseCodes(starts, skip, ends, stride, rows, dict, out, valid),
  );
}

function texts(dict: number, from = 0): string[] {
  const size = kernel.calls.dictSize(dict) - from;
  const offsets = kernel.calls.alloc(4 * (size + 1));
  kernel.calls.dictExport(dict, from, from + size, 0, offsets, 0);
  const bytes = kernel.calls.alloc(
    Math.max(1, new Uint32Array(kernel.bytes.buffer, offsets, size + 1)[size] as number),
  );
  kernel.calls.dictExport(dict, from, from + size, 0, offsets, bytes);
  const ends = new Uint32Array(kernel.bytes.buffer, offsets, size + 1);
  const all = Buffer.from(kernel.bytes.buffer as ArrayBuffer);
  return Array.from({ length: size }, (_, i) =>
    all.toString("utf8", bytes + (ends[i] as number), bytes + (ends[i + 1] as number)),
  );
}

function quoted(text: string): string {
  return /["\n,]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

describe("parseCodes", () => {
  it("gives texts codes in the order of their first appearance, over several blocks", () => {
    const part = fc.constantFrom(
      "a",
      "b",
      "\0",
      "é",
      "漢字",
      "0123456789",
      '"',
      ",",
      "\n",
      " ",
      "x".repeat(15),
      "z".repeat(70),
    );
    const text = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.array(fc.array(text, { maxLength: 40 }), { maxLength: 4 }), (blocks) => {
        const dict = kernel.calls.dictNew();
        const known = new Map<string, number>();
        for (const block of blocks) {
          for (const field of block) if (field !== "" && !known.has(field)) known.set(field, known.size);
          const read = codes(dict, block.map(quoted));
          expect(read).toEqual(block.map((field) => known.get(field) ?? null));
        }
        expect(texts(dict)).toEqual([...known.keys()]);
        kernel.calls.dictFree(dict);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("takes what is empty, also between quotes, and null words for missing in any mixture", () => {
    setNullWords(kernel, ["NA", "a null word that is long"]);
    const part = fc.constantFrom(
      "",
      '""',
      "NA",
      '"NA"',
      "ab",
      '"ab"',
      '"a""b"',
      '"""NA"""',
      '"a null word that is long"',
      "x",
    );
    const known = new Map<string, number>();
    const dict = kernel.calls.dictNew();
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 1500 }), (fields) => {
        const meant = fields.map((field) => field.replace(/^"(.*)"$/, "$1").replaceAll('""', '"'));
        const present = meant.map((text) => (/^(NA|a null.*|)$/.test(text) ? null : text));
        for (const text of present) if (text !== null && !known.has(text)) known.set(text, known.size);
        expect(codes(dict, fields)).toEqual(present.map((text) => (text === null ? null : known.get(text))));
      }),
      { seed: 1, numRuns: 30 },
    );
    kernel.calls.dictFree(dict);
  });

  it("leaves out quotes of any length, and what only begins or ends like a quoted field as it is", () => {
    const dict = kernel.calls.dictNew();
    const inner = Array.from({ length: 24 }, (_, length) => "abcdefghijklmnopqrstuvwx".slice(0, length + 1));
    const wanted = inner.map((_, i) => i);
    expect(
      codes(
        dict,
        inner.map((text) => `"${text}"`),
      ),
    ).toEqual(wanted);
    expect(codes(dict, inner)).toEqual(wanted);
    expect(codes(dict, ['"', '"a', 'a"'])).toEqual([24, 25, 26]);
    expect(texts(dict, 24)).toEqual(['"', '"a', 'a"']);
    kernel.calls.dictFree(dict);
  });

  it("takes an escape that is no quote as that, and NUL bytes as letters where nothing is quoted", () => {
    const dict = kernel.calls.dictNew();
    kernel.calls.setDialect(44, 34, 92, 0, 1, 0);
    expect(codes(dict, ['"a\\"b"', 'a"b', '"a\\\\b"', "a\\b"])).toEqual([0, 0, 1, 1]);
    kernel.calls.setDialect(44, 0, 0, 0, 1, 0);
    expect(codes(dict, ["\0", "\0\0", "\0x\0", "x", '"x"', ""])).toEqual([2, 3, 4, 5, 6, null]);
    kernel.calls.setDialect(44, 34, 34, 0, 1, 0);
    expect(texts(dict)).toEqual(['a"b', "a\\b", "\0", "\0\0", "\0x\0", "x", '"x"']);
    kernel.calls.dictFree(dict);
  });

  it("tells texts apart that differ in one byte or in NUL bytes at their end, at every length", () => {
    const all = Array.from({ length: 40 }, (_, length) => {
      const text = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF".slice(0, length + 1);
      return [text, `${text}\0`, ...Array.from(text, (_, i) => `${text.slice(0, i)}!${text.slice(i + 1)}`)];
    }).flat();
    const different = [...new Set(all)];
    const dict = kernel.calls.dictNew();
    expect(codes(dict, different)).toEqual(different.map((_, i) => i));
    expect(codes(dict, different.toReversed())).toEqual(different.map((_, i) => i).toReversed());
    expect(texts(dict)).toEqual(different);
  });

  it("grows over 200,000 texts, short and long", () => {
    const many = Array.from({ length: 200_000 }, (_, i) =>
      i % 3 === 0 ? `a rather long text that is number ${i}` : `t${i}`,
    );
    const dict = kernel.calls.dictNew();
    expect(codes(dict, many)).toEqual(many.map((_, i) => i));
    expect(codes(dict, many.slice(100_000, 100_100))).toEqual(Array.from({ length: 100 }, (_, i) => 100_000 + i));
    expect(kernel.calls.dictSize(dict)).toBe(many.length);
    expect(texts(dict, 199_990)).toEqual(many.slice(199_990));
    expect(kernel.calls.dictBytes(dict)).toBeGreaterThan(many.length * 16);
    const before = kernel.calls.usedBytes();
    kernel.calls.dictFree(dict);
    expect(before - kernel.calls.usedBytes()).toBeGreaterThan(many.length * 16);
  });

  it("takes the empty field and null words for missing, quoted ones too, and gives them no code", () => {
    setNullWords(kernel, ["NA", "a long word for what is missing"]);
    const dict = kernel.calls.dictNew();
    const fields = ["", '""', "NA", '"NA"', "a long word for what is missing", "NAN", " NA", "x"];
    expect(codes(dict, fields)).toEqual([null, null, null, null, null, 0, 1, 2]);
    expect(texts(dict)).toEqual(["NAN", " NA", "x"]);
  });

  it("takes a field that is a lone quote as it is, and quotes for letters where nothing is quoted", () => {
    const dict = kernel.calls.dictNew();
    expect(codes(dict, ['"', 'a"b', '""""', '"a"'])).toEqual([0, 1, 0, 2]);
    kernel.calls.setDialect(44, 0, 0, 0, 1, 0);
    const plain = kernel.calls.dictNew();
    codes(plain, ['"a"', '"', '""']);
    expect(texts(plain)).toEqual(['"a"', '"', '""']);
    kernel.calls.setDialect(44, 34, 92, 0, 1, 0);
    const escaped = kernel.calls.dictNew();
    codes(escaped, ['"a\\"b"', '"a\\\\b"', '"a\\nb"', '"a\\"']);
    expect(texts(escaped)).toEqual(['a"b', "a\\b", "a\\nb", "a\\"]);
    kernel.calls.setDialect(44, 34, 34, 0, 1, 0);
  });

  it("says that there is no memory left, and breaks nothing", async () => {
    const small = await newKernel();
    const dict = small.calls.dictNew();
    const fields = putFields(
      small,
      Array.from({ length: 5_000 }, (_, i) => `key ${i}`),
    );
    const out = small.calls.alloc(4 * fields.rows);
    const valid = small.calls.alloc(fields.rows);
    small.calls.setLimit(small.calls.usedBytes() + 40_000);
    const { starts, skip, ends, stride, rows } = fields;
    expect(small.calls.parseCodes(starts, skip, ends, stride, rows, dict, out, valid)).toBe(-1);
    expect(small.calls.brokenGuard()).toBe(0);
  });
});

describe("dictAdd and compareTexts", () => {
  function add(dict: number, text: string): number {
    const { starts, skip, ends } = putFields(kernel, [text]);
    const [from, to] = [starts, ends].map((place) => new Uint32Array(kernel.bytes.buffer, place, 1)[0] as number);
    return kernel.calls.dictAdd(dict, (from as number) + skip, (to as number) - (from as number) - skip);
  }

  it("finds and adds single texts, and gives no code to a null word", () => {
    setNullWords(kernel, ["NA"]);
    const dict = kernel.calls.dictNew();
    expect(["b", "a", "a longer text than fifteen", "b", "NA", "", ""].map((text) => add(dict, text))).toEqual([
      0, 1, 2, 0, -2, 3, 3,
    ]);
  });

  it("tells texts apart that share a hash, and finds each again when the table has grown", () => {
    const forged = textsOfOneHash(60);
    const dict = kernel.calls.dictNew();
    const addBytes = (bytes: Uint8Array) => {
      const place = kernel.calls.alloc(16);
      kernel.bytes.set(bytes, place);
      return kernel.calls.dictAdd(dict, place, bytes.length);
    };
    const numbers = forged.map((_, i) => i);
    expect(forged.map(addBytes)).toEqual(numbers);
    expect(forged.map(addBytes)).toEqual(numbers);
    for (let i = 0; i < 5000; i++) add(dict, `other ${i}`);
    expect(forged.toReversed().map(addBytes)).toEqual(numbers.toReversed());
    expect(codes(dict, ["other 0", "other 4999"])).toEqual([60, 5059]);
  });

  it("orders texts by their bytes", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 24, unit: "grapheme" }), { maxLength: 12 }),
        (words) => {
          const dict = kernel.calls.dictNew();
          const numbers = words.map((word) => add(dict, word));
          for (const [i, a] of words.entries())
            for (const [j, b] of words.entries())
              expect(Math.sign(kernel.calls.compareTexts(dict, numbers[i] as number, numbers[j] as number))).toBe(
                Buffer.compare(Buffer.from(a), Buffer.from(b)),
              );
        },
      ),
      { seed: 1 },
    );
  });
});

describe("textsOf and addTexts", () => {
  /** Texts of every short length and some long ones, of which each piece that is copied together has some. */
  const MANY = Array.from({ length: 40_000 }, (_, i) => `${"x".repeat(i % 41)}${i}`);

  function dictionaryOf(given: Texts): { dict: number; codes: number[] } {
    const dict = kernel.calls.dictNew();
    const arena = new Arena(kernel);
    const added = Array.from(addTexts(kernel, arena, dict, given).codes);
    arena.free();
    return { dict, codes: added };
  }

  function packed(words: readonly string[]): Texts {
    const offsets = new Uint32Array(words.length + 1);
    for (const [i, word] of words.entries()) offsets[i + 1] = (offsets[i] as number) + word.length;
    return { offsets, bytes: Uint8Array.from(Buffer.from(words.join(""))) };
  }

  function unpacked({ offsets, bytes }: Texts): string[] {
    return Array.from({ length: offsets.length - 1 }, (_, i) =>
      Buffer.from(bytes.subarray(offsets[i], offsets[i + 1])).toString(),
    );
  }

  it("carry many texts from one dictionary to another, piece by piece", () => {
    const first = dictionaryOf(packed(MANY));
    const sent = textsOf(kernel, first.dict);
    expect(unpacked(sent)).toEqual(MANY);
    expect(sent.bytes.length).toBe(MANY.join("").length);
    const second = dictionaryOf(sent);
    expect(second.codes).toEqual(MANY.map((_, i) => i));
    expect(texts(second.dict)).toEqual(MANY);
    for (const { dict } of [first, second]) kernel.calls.dictFree(dict);
  });

  it("carry those from a code on, also more than a piece", () => {
    const { dict } = dictionaryOf(packed(MANY));
    for (const from of [1, 16_383, 16_384, 23_616, MANY.length - 1, MANY.length])
      expect(unpacked(textsOf(kernel, dict, from))).toEqual(MANY.slice(from));
    kernel.calls.dictFree(dict);
  });

  it("leave out what stands for rows without a text, in whichever piece it is", () => {
    for (const missing of [0, 16_384, 39_999]) {
      const { dict, codes: given } = dictionaryOf({ ...packed(MANY), missing });
      const others = MANY.filter((_, i) => i !== missing);
      expect(texts(dict)).toEqual(others);
      expect(given).toEqual(MANY.map((_, i) => (i === missing ? 0 : i > missing ? i - 1 : i)));
      kernel.calls.dictFree(dict);
    }
  });
});

/** Different texts of 15 bytes for which the kernel's hash of short texts is the same. */
function textsOfOneHash(count: number): Uint8Array[] {
  const mask = 2n ** 64n - 1n;
  const inverse = inverseOf(0x9e3779b97f4a7c15n);
  return Array.from({ length: count }, (_, i) => {
    const bytes = Buffer.alloc(16);
    bytes.write("high", 8);
    bytes.writeUInt8(i, 14);
    bytes.writeUInt8(15, 15);
    const product = (bytes.readBigUInt64LE(8) * 0xc2b2ae3d27d4eb4fn) & mask;
    const turned = ((product << 31n) | (product >> 33n)) & mask;
    bytes.writeBigUInt64LE(((1n - turned) * inverse) & mask);
    return Uint8Array.from(bytes.subarray(0, 15));
  });
}

/** The inverse of an odd number modulo 2^64, by Newton's steps. */
function inverseOf(odd: bigint): bigint {
  let inverse = odd;
  for (let i = 0; i < 6; i++) inverse = BigInt.asUintN(64, inverse * (2n - odd * inverse));
  return inverse;
}
