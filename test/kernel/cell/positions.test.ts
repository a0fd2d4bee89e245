import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { insertInto } from "../../../kernel/cell/insertions.ts";
import { lineColumn, offsetOf, toCodePoints, toUtf16 } from "../../../kernel/cell/positions.ts";

const SEED = { seed: 11, numRuns: 300 };
const text = fc.string({ unit: fc.constantFrom("a", "é", "😀", "\n", "\u0301", "𝒳"), maxLength: 40 });

describe("positions", () => {
  test("code points and UTF-16", () => {
    expect(toUtf16("a😀b", 2)).toBe(3);
    expect(toCodePoints("a😀b", 3)).toBe(2);
    expect(toUtf16("ab", 9)).toBe(2);
    expect(toCodePoints("ab", 9)).toBe(2);
  });

  test("code points go to UTF-16 and back", () => {
    fc.assert(
      fc.property(text, fc.nat(), (value, seed) => {
        const points = [...value];
        const at = points.length === 0 ? 0 : seed % (points.length + 1);
        expect(toUtf16(value, at)).toBe(points.slice(0, at).join("").length);
        expect(toCodePoints(value, toUtf16(value, at))).toBe(at);
      }),
      SEED,
    );
  });

  test("offsets go to line and column and back", () => {
    fc.assert(
      fc.property(text, fc.nat(), (value, seed) => {
        const at = seed % (value.length + 1);
        expect(offsetOf(value, lineColumn(value, at))).toBe(at);
      }),
      SEED,
    );
    expect(lineColumn("ab\ncd", 4)).toEqual({ line: 2, column: 2 });
    expect(offsetOf("ab\ncd", { line: 9, column: 1 })).toBe(5);
  });

  test("what was not inserted maps back to its own place", () => {
    const insertions = fc.array(fc.record({ at: fc.nat(20), text: fc.constantFrom("", "X", "XY") }), { maxLength: 5 });
    fc.assert(
      fc.property(insertions, (added) => {
        const base = "abcdefghijklmnopqrst";
        const { code, sourceOffset } = insertInto(base, added);
        expect(code.replace(/[XY]/g, "")).toBe(base);
        for (const [index, char] of [...code].entries())
          if (/[a-z]/.test(char)) expect(base[sourceOffset(index)]).toBe(char);
      }),
      SEED,
    );
  });
});
