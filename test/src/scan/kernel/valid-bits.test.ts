import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileKernel, Kernel } from "../../../../src/scan/kernel.ts";
import { put } from "./memory-of.ts";

const BITS = 64;
const builds = await Promise.all((["checked", "scalar"] as const).map(compileKernel));

/** What the bitmap is once some flags were put in from a bit on, one by one. */
function expected(bits: Uint8Array, flags: readonly boolean[], at: number): Uint8Array {
  const after = bits.slice();
  flags.forEach((flag, i) => {
    const [place, bit] = [(at + i) >> 3, 1 << ((at + i) & 7)];
    after[place] = flag ? (after[place] as number) | bit : (after[place] as number) & ~bit;
  });
  return after;
}

describe("bits of rows that have a value", () => {
  test("are written from any bit on, those around them stay, and missing ones are counted", () => {
    const bytes = fc.uint8Array({ minLength: BITS / 8, maxLength: BITS / 8 });
    const flags = fc.array(fc.boolean(), { maxLength: 40 });
    const kernels = builds.map((module) => new Kernel(module));
    fc.assert(
      fc.property(bytes, flags, fc.nat(BITS - 40), (before, some, at) => {
        for (const kernel of kernels) {
          const [bits, place] = [put(kernel, before), put(kernel, Uint8Array.from(some, Number))];
          expect(kernel.calls.packFlags(place, some.length, bits, at)).toBe(some.filter((flag) => !flag).length);
          expect(kernel.bytes.slice(bits, bits + BITS / 8)).toEqual(expected(before, some, at));
          expect(kernel.calls.brokenGuard()).toBe(0);
        }
      }),
    );
  });
});
