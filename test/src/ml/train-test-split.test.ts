import { expect, test } from "vitest";
import { danfo } from "../../../src/frame/danfo.ts";

import { type DataFrame, frameFromColumns, trainTestSplit } from "../../../src/index.ts";

const frame = frameFromColumns([
  { name: "id", type: "int32", values: Int32Array.from({ length: 101 }, (_, i) => i) },
  { name: "word", type: "str", values: Array.from({ length: 101 }, (_, i) => (i % 5 === 0 ? null : `w${i}`)) },
]);

function ids(part: DataFrame): number[] {
  return part.column("id").values as number[];
}

test("every row is in one of the two, whole and in order, and the test frame has its share", () => {
  const [train, check] = trainTestSplit(frame, { testSize: 0.2, seed: 42 });
  expect([train.shape, check.shape]).toEqual([
    [80, 2],
    [21, 2],
  ]);
  expect([...ids(train), ...ids(check)].sort((a, b) => a - b)).toEqual(Array.from({ length: 101 }, (_, i) => i));
  for (const part of [train, check]) {
    expect(ids(part)).toEqual([...ids(part)].sort((a, b) => a - b));
    expect(part.column("word").values).toEqual(ids(part).map((id) => (id % 5 === 0 ? null : `w${id}`)));
  }
});

test("the same seed gives the same rows, another one others", () => {
  const rowsOf = (seed?: number) => ids(trainTestSplit(frame, seed === undefined ? {} : { seed })[1]);
  expect(rowsOf(42)).toEqual(rowsOf(42));
  expect(rowsOf(42)).not.toEqual(rowsOf(43));
  expect(rowsOf(2 ** 40)).not.toEqual(rowsOf(0));
  expect(rowsOf()).toHaveLength(26);
});

test("a stock Danfo frame is split too", () => {
  const stock = new (danfo().DataFrame)({ id: [1, 2, 3, 4] });
  const [train, check] = trainTestSplit(stock, { testSize: 0.5, seed: 1 });
  expect([...ids(train), ...ids(check)].sort()).toEqual([1, 2, 3, 4]);
});

test.each([0, 1, -0.1, 0.999, Number.NaN])("a test size of %d is refused", (testSize) => {
  expect(() => trainTestSplit(frame, { testSize })).toThrow(expect.objectContaining({ code: "E_SPLIT" }));
});

test("a seed is a whole number", () => {
  expect(() => trainTestSplit(frame, { seed: 0.5 })).toThrow(expect.objectContaining({ code: "E_SEED" }));
});
