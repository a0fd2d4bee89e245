import { describe, expect, test } from "vitest";
import { countsAt, partsOf } from "../../../kernel/debug/terms.ts";

describe("a hit count", () => {
  test.each([
    ["3", [3]],
    ["== 3", [3]],
    ["> 3", [4, 5, 6]],
    [">=3", [3, 4, 5, 6]],
    ["< 3", [1, 2]],
    ["<= 3", [1, 2, 3]],
    ["%2", [2, 4, 6]],
  ])("%s", (text, counted) => {
    expect([1, 2, 3, 4, 5, 6].filter((hits) => countsAt(text, hits))).toEqual(counted);
  });

  test.each(["", "often", "-1", "1.5", "% 0", "3 4"])("%j is none", (text) => {
    expect(() => countsAt(text, 1)).toThrow(/is none/);
  });
});

test("a log message is words and code, with the braces of code in it", () => {
  const parts = (text: string) => partsOf(text).map((part) => (part.isCode ? [part.text] : part.text));
  expect(parts("x is {x}")).toEqual(["x is ", ["x"]]);
  expect(parts("{a}{({ b: 1 }).b} end")).toEqual([["a"], ["({ b: 1 }).b"], " end"]);
  expect(parts("open { and no more")).toEqual(["open { and no more"]);
  expect(parts("")).toEqual([]);
});
