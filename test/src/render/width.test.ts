import { expect, test } from "vitest";
import { fitWidth, textWidth, wrapWidth } from "../../../src/render/width.ts";

test("a sign that stands alone is as wide as among others", () => {
  const beside = textWidth("日");
  // Beyond are scripts of which signs join.
  for (let code = 0x20; code < 0x3000; code = code === 0x8ff ? 0x2000 : code + 1) {
    const sign = String.fromCodePoint(code);
    if (/[\p{Mn}\p{Me}\p{Mc}\p{Cf}\u1100-\u11FF]/u.test(sign)) continue;
    expect([code, textWidth(`${sign}日`)]).toEqual([code, textWidth(sign) + beside]);
  }
});

test.each([
  ["", 0],
  ["a–b …", 5],
  ["▁▂▃█ 12 × 3", 11],
  ["e\u0301", 1],
  ["日本", 4],
  ["👩‍👩‍👧", 2],
  ["©\uFE0F", 2],
  ["a\u00ADb", 2],
])("%j takes %i columns", (text, width) => {
  expect(textWidth(text)).toBe(width);
});

test("what is too wide is cut, or broken between words", () => {
  expect(fitWidth("Grüße aus Köln", 6)).toBe("Grüße…");
  expect(wrapWidth("äöü 日本語 x", 6)).toEqual(["äöü", "日本語", "x"]);
});
