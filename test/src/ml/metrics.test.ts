import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accuracy, areaUnderRoc, frameFromColumns } from "../../../src/index.ts";

/** Every pair of a positive and a negative row: won, tied or lost. */
function byPairs(labels: readonly number[], scores: readonly number[]): number {
  let [won, pairs] = [0, 0];
  for (const [i, positive] of labels.entries()) {
    for (const [j, negative] of labels.entries()) {
      if (positive !== 1 || negative !== 0) continue;
      const [a = 0, b = 0] = [scores[i], scores[j]];
      won += a > b ? 1 : a === b ? 0.5 : 0;
      pairs++;
    }
  }
  return won / pairs;
}

describe("area under ROC", () => {
  test("is the share of won pairs, ties and all", () => {
    const row = fc.record({ label: fc.constantFrom(0, 1), score: fc.constantFrom(-1, 0, -0, 0.1, 0.2, 0.5, 1, 7) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 40 }), (rows) => {
        const labels = rows.map(({ label }) => label);
        const scores = rows.map(({ score }) => score);
        fc.pre(new Set(labels).size === 2);
        expect(areaUnderRoc(labels, scores)).toBeCloseTo(byPairs(labels, scores), 14);
      }),
      { seed: 7 },
    );
  });

  test("of the best, the worst and no order", () => {
    expect(areaUnderRoc([0, 0, 1, 1], [1, 2, 3, 4])).toBe(1);
    expect(areaUnderRoc([1, 1, 0, 0], [1, 2, 3, 4])).toBe(0);
    expect(areaUnderRoc([1, 0, 1, 0], [5, 5, 5, 5])).toBe(0.5);
    expect(areaUnderRoc(["no", "yes"], [0, 1])).toBe(1);
    expect(areaUnderRoc([false, true], Float64Array.of(0.2, 0.1))).toBe(0);
    expect(areaUnderRoc([0n, 1n], [0, 1])).toBe(1);
  });

  test("takes a column of a frame", () => {
    const frame = frameFromColumns([{ name: "y", type: "bool", values: Uint8Array.of(0, 1, 1) }]);
    expect(areaUnderRoc(frame.column("y"), [0.1, 0.05, 0.3])).toBe(0.5);
    expect(accuracy(frame.column("y"), [false, true, false])).toBeCloseTo(2 / 3, 15);
  });

  test.each([
    ["E_METRIC_CLASSES", [1, 1], [0, 1]],
    ["E_METRIC_CLASSES", [0, 1, 2], [0, 1, 2]],
    ["E_METRIC_CLASSES", [0, null], [0, 1]],
    ["E_METRIC_LENGTH", [0, 1], [0]],
    ["E_METRIC_LENGTH", [], []],
    ["E_METRIC_SCORE", [0, 1], [Number.NaN, 1]],
  ])("%s for %o and %o", (code, labels, scores) => {
    expect(() => areaUnderRoc(labels, scores)).toThrow(expect.objectContaining({ name: "UsageError", code }));
  });
});

test("accuracy compares by value", () => {
  expect(accuracy([0, 1, 1, 0], [0, 1, 0, 0])).toBe(0.75);
  expect(accuracy([0n, 1n], [0, 1])).toBe(1);
  expect(accuracy(["a", "b"], ["a", "a"])).toBe(0.5);
  expect(() => accuracy([], [])).toThrow(expect.objectContaining({ code: "E_METRIC_LENGTH" }));
});
