import fc from "fast-check";
import { expect, test } from "vitest";
import { growTree, type Tree, type TreeOptions } from "../../../src/ml/grow-tree.ts";
import { inOrder, type SharedData } from "../../../src/ml/tree-sample.ts";

const EXACT: TreeOptions = { maxDepth: Infinity, minInstancesPerNode: 1, featuresPerSplit: 2, bootstrap: false };

const table = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: -5, max: 5 }), fc.nat(2)), {
  minLength: 2,
  maxLength: 60,
});

function dataOf(rows: readonly (readonly [number, number, number])[]): SharedData {
  return {
    features: [Float64Array.from(rows, ([a]) => a), Float64Array.from(rows, ([, b]) => b)],
    labels: Uint16Array.from(rows, ([, , label]) => label),
    classes: 3,
  };
}

function leafOf({ children, features, thresholds, leaves }: Tree, row: readonly number[]): number[] {
  let node = 0;
  for (let child = children[0] as number; child >= 0; child = children[node] as number)
    node = (row[features[node] as number] as number) <= (thresholds[node] as number) ? child : child + 1;
  const start = (-1 - (children[node] as number)) * 3;
  return [...leaves.subarray(start, start + 3)];
}

/** The sum over both sides of squared class counts by size, of which the best split has the most. */
function purity(rows: readonly (readonly number[])[], feature: number, threshold: number): number {
  const sides = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  for (const row of rows) {
    const side = sides[(row[feature] as number) <= threshold ? 0 : 1] as number[];
    side[row[2] as number] = (side[row[2] as number] as number) + 1;
  }
  return sides.reduce((sum, side) => {
    const size = side.reduce((a, b) => a + b, 0);
    return size === 0 ? Number.NEGATIVE_INFINITY : sum + side.reduce((a, b) => a + b * b, 0) / size;
  }, 0);
}

test("a tree of all rows and features gives each row the classes of the rows that are equal to it", () => {
  fc.assert(
    fc.property(table, (rows) => {
      const tree = growTree(inOrder(dataOf(rows)), EXACT, 1, 0);
      for (const [a, b] of rows) {
        const same = rows.filter((row) => row[0] === a && row[1] === b);
        const shares = [0, 1, 2].map((label) => same.filter((row) => row[2] === label).length / same.length);
        expect(leafOf(tree, [a, b])).toEqual(shares);
      }
    }),
    { seed: 11 },
  );
});

test("the first split is the best of all places between two values", () => {
  fc.assert(
    fc.property(table, (rows) => {
      const { children, features, thresholds } = growTree(inOrder(dataOf(rows)), { ...EXACT, maxDepth: 1 }, 1, 0);
      fc.pre((children[0] as number) >= 0);
      const best = Math.max(
        ...[0, 1].flatMap((feature) => rows.map((row) => purity(rows, feature, row[feature] as number))),
      );
      expect(purity(rows, features[0] as number, thresholds[0] as number)).toBeCloseTo(best, 10);
    }),
    { seed: 12 },
  );
});

test("no leaf has fewer rows than is said, and no tree is deeper", () => {
  const rows = Array.from({ length: 200 }, (_, i) => [i % 37, (i * 7) % 11, i % 3] as const);
  const data = inOrder(dataOf(rows));
  const tree = growTree(data, { ...EXACT, minInstancesPerNode: 20 }, 1, 0);
  const leaves = rows.map(([a, b]) => leafOf(tree, [a, b]).join());
  for (const leaf of new Set(leaves)) expect(leaves.filter((one) => one === leaf).length).toBeGreaterThanOrEqual(20);
  expect(growTree(data, { ...EXACT, maxDepth: 2 }, 1, 0).children.length).toBeLessThanOrEqual(7);
});

test("two neighbouring doubles are told apart", () => {
  const next = 1 + Number.EPSILON;
  const data = { features: [Float64Array.of(1, next)], labels: Uint16Array.of(0, 1), classes: 3 };
  const tree = growTree(inOrder(data), { ...EXACT, featuresPerSplit: 1 }, 1, 0);
  expect([leafOf(tree, [1]), leafOf(tree, [next])]).toEqual([
    [1, 0, 0],
    [0, 1, 0],
  ]);
});
