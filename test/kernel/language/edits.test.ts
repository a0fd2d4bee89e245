import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits, type Edit, isNewText, offsetAfter, offsetBefore } from "../../../kernel/language/edits.ts";

describe("edits", () => {
  it("replaces and inserts", () => {
    const edits = [
      { start: 4, end: 5, text: "older" },
      { start: 0, end: 0, text: "<" },
    ];
    expect(applyEdits("let n = 1", edits)).toBe("<let older = 1");
    expect(offsetBefore(edits, 13)).toBe(8);
    expect(isNewText(edits, 0)).toBe(true);
    expect(isNewText(edits, 1)).toBe(false);
  });

  it("maps every untouched offset there and back, onto the same character", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 40 }),
        fc.array(fc.nat(40), { maxLength: 8 }),
        (text, cuts) => {
          const edits = toEdits(text, cuts);
          const edited = applyEdits(text, edits);
          for (let offset = 0; offset < text.length; offset++) {
            if (edits.some(({ start, end }) => offset >= start && offset < end)) continue;
            const after = offsetAfter(edits, offset);
            expect(edited[after]).toBe(text[offset]);
            expect(offsetBefore(edits, after)).toBe(offset);
            expect(isNewText(edits, after)).toBe(false);
          }
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });

  it("puts a cursor before an insert that says so", () => {
    expect(offsetAfter([{ start: 3, end: 3, text: "xx", behind: true }], 3)).toBe(3);
    expect(offsetAfter([{ start: 3, end: 3, text: "xx" }], 3)).toBe(5);
  });
});

/** Edits that do not overlap: pairs of cuts in order. */
function toEdits(text: string, cuts: readonly number[]): readonly Edit[] {
  const sorted = [...new Set(cuts.map((cut) => Math.min(cut, text.length)))].sort((a, b) => a - b);
  const edits: Edit[] = [];
  for (let index = 0; index + 1 < sorted.length; index += 2)
    edits.push({ start: sorted[index] ?? 0, end: sorted[index + 1] ?? 0, text: "#".repeat(index) });
  return edits;
}
