import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Kernel } from "../../../src/scan/kernel.ts";
import { newKernel, putFields, setNullWords } from "./field-table.ts";

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

/** Undefined when the room did not do. */
function read(texts: readonly string[], capacity: number): (string | null)[] | undefined {
  const { starts, skip, ends, stride, rows } = putFields(kernel, texts);
  const [offsets, valid, bytes] = [4 * rows + 4, rows + 1, capacity + 1].map((size) => kernel.calls.alloc(size)) as [
    number,
    number,
    number,
  ];
  kernel.bytes.fill(7, bytes, bytes + capacity + 1);
  const nulls = kernel.calls.parseTexts(starts, skip, ends, stride, rows, offsets, bytes, capacity, valid);
  expect(kernel.bytes[bytes + capacity]).toBe(7);
  if (nulls < 0) return undefined;
  const at = new Uint32Array(kernel.bytes.buffer, offsets, rows + 1);
  const flags = kernel.bytes.slice(valid, valid + rows);
  const all = Buffer.from(kernel.bytes.subarray(bytes, bytes + (at[rows] as number)));
  for (const place of [offsets, valid, bytes]) kernel.calls.free(place);
  expect(flags.filter((flag) => flag === 0).length).toBe(nulls);
  return texts.map((_, i) => (flags[i] ? all.toString("utf8", at[i], at[i + 1]) : null));
}

describe("parseTexts", () => {
  it("copies texts of any length, with quotes taken off, into just enough room", () => {
    const part = fc.constantFrom("a", "é", '"', ",", "\n", "0123456789", "x".repeat(16), "y".repeat(40));
    const text = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 30 }), (texts) => {
        const fields = texts.map((field) => (/["\n,]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field));
        const bytes = Buffer.byteLength(texts.join(""));
        expect(read(fields, bytes)).toEqual(texts.map((field) => field || null));
        if (bytes > 0) expect(read(fields, bytes - 1)).toBe(undefined);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("takes null words for missing, quoted ones too", () => {
    setNullWords(kernel, ["NA"]);
    expect(read(["a", "NA", '"NA"', "NAN", "", '""'], 20)).toEqual(["a", null, null, "NAN", null, null]);
  });
});
