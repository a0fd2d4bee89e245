import { expect, test } from "vitest";
import { CELL_PATHS, murmur2, pathOfCell } from "../../../kernel/debug/cell-paths.ts";

/** As ipykernel's murmur2_x86 has them. */
test.each([
  ["", 3990065800],
  ["a", 2167009006],
  ["ab", 2805137849],
  ["abc", 3350977461],
  ["abcd", 804720481],
  ["const x: number = 1;\nx + 1", 869438841],
  ["π😀 – ü", 1482701251],
])("the hash of %j is that of every front end", (text, hash) => {
  expect(murmur2(text, 0xc70f6907)).toBe(hash);
});

test("a cell's path can be made from what debugInfo says", () => {
  const { tmpFilePrefix, tmpFileSuffix } = CELL_PATHS;
  expect(pathOfCell("abc")).toBe(`${tmpFilePrefix}3350977461${tmpFileSuffix}`);
});
