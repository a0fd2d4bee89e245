import { expect, test } from "vitest";
import type { Kernel } from "../../../src/scan/kernel.ts";
import { TextStatistics } from "../../../src/scan/statistics/text-statistics.ts";
import { newKernel } from "./field-table.ts";

/** Bits of a text's words that undo each other, whatever the seed, where a word goes into the hash by one product alone. */
const [FIRST, AFTER_SHIFT, AFTER_TURN] = [1n << 63n, (1n << 63n) | (1n << 31n), 1n << 26n];

test("texts whose hashes would be one without the seed are counted as different ones", async () => {
  const kernel = await newKernel();
  const texts = forgedTexts(12, AFTER_SHIFT);
  const statistics = new TextStatistics(kernel);
  statistics.useTexts();
  const offsets = put(
    kernel,
    Uint32Array.from({ length: texts.length + 1 }, (_, i) => i * 192),
  );
  const bytes = put(kernel, Buffer.concat(texts));
  statistics.addTexts(offsets, bytes, texts.length, 0, texts.length);
  const { distinct, distinctExact } = statistics.figures();
  expect({ distinct, distinctExact }).toEqual({ distinct: 4096, distinctExact: true });
});

test("long keys that would share one place without the seed are found as fast as others", async () => {
  const kernel = await newKernel("simd");
  const { calls } = kernel;
  const dictionary = calls.dictNew();
  const place = calls.alloc(17 * 16) >>> 0;
  for (const [code, text] of forgedTexts(17, AFTER_TURN).entries()) {
    kernel.bytes.set(text, place);
    if (calls.dictAdd(dictionary, place, text.length) !== code) expect.fail(`text ${code} has another code`);
  }
  expect(calls.dictSize(dictionary)).toBe(2 ** 17);
});

/** 2^pairs texts of 16 bytes a pair. */
function forgedTexts(pairs: number, undone: bigint): Uint8Array[] {
  return Array.from({ length: 2 ** pairs }, (_, text) => {
    const words = new BigUint64Array(2 * pairs);
    for (let pair = 0; pair < pairs; pair++) {
      const isOther = ((text >> pair) & 1) === 1;
      words[2 * pair] = 0x6161616161616161n ^ (isOther ? FIRST : 0n);
      words[2 * pair + 1] = 0x6262626262626262n ^ (isOther ? undone : 0n);
    }
    return new Uint8Array(words.buffer);
  });
}

function put(kernel: Kernel, { buffer, byteOffset, byteLength }: ArrayBufferView): number {
  const place = kernel.calls.alloc(byteLength) >>> 0;
  kernel.bytes.set(new Uint8Array(buffer, byteOffset, byteLength), place);
  return place;
}
