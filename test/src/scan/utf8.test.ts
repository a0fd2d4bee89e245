import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compileKernel, Kernel } from "../../../src/scan/kernel.ts";

const kernels = [new Kernel(await compileKernel("checked")), new Kernel(await compileKernel("scalar"))];

/** Index of the first bad sequence, or -1. */
function firstBad(kernel: Kernel, bytes: Uint8Array): number {
  const at = kernel.calls.alloc(bytes.length) >>> 0;
  kernel.bytes.set(bytes, at);
  const bad = kernel.calls.invalidUtf8(at, at + bytes.length) >>> 0;
  kernel.calls.free(at);
  return bad === 0 ? -1 : bad - at;
}

/** The same by Node: the longest prefix that is UTF-8. */
function firstBadOfNode(bytes: Uint8Array): number {
  if (isUtf8(bytes)) return -1;
  for (let end = bytes.length - 1; ; end--) if (isUtf8(bytes.subarray(0, end))) return end;
}

test("knows every sequence of one to three bytes, and the edges of those of four", () => {
  for (const kernel of kernels)
    for (const first of [
      0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff,
    ])
      for (const second of [0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0])
        for (const rest of [[], [0x80], [0xbf, 0x80], [0x41, 0x80], [0x80, 0xc0]]) {
          const bytes = Uint8Array.of(first, second, ...rest);
          expect([...bytes, firstBad(kernel, bytes)]).toEqual([...bytes, firstBadOfNode(bytes)]);
        }
});

test("finds the first bad byte where Node does", () => {
  const good = fc
    .array(fc.constantFrom("a", "é", "漢", "😀", "\u0080", "\ud7ff", "\ue000", "\uffff", "\u{10ffff}"))
    .map((letters) => Buffer.from(letters.join("")));
  const ascii = fc.nat(100).map((length) => Buffer.alloc(length, "a"));
  const any = fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes));
  const texts = fc.array(fc.oneof(good, ascii, ascii, any), { maxLength: 5 }).map((parts) => Buffer.concat(parts));
  fc.assert(
    fc.property(texts, (bytes) => {
      for (const kernel of kernels) expect(firstBad(kernel, bytes)).toBe(firstBadOfNode(bytes));
    }),
    { numRuns: 400, seed: 1 },
  );
});
