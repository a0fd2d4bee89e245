import { expect, test } from "vitest";
import { Column, takeInTurns } from "../../../src/frame/column.ts";

const ROWS = 200_001;
const numbers = Array.from({ length: ROWS }, (_, i) => (i * 7919) % ROWS);
const validity = Uint8Array.from({ length: (ROWS + 7) >> 3 }, (_, i) => (i * 37) & 255);

test.each([
  ["int32", { values: Int32Array.from(numbers), validity }],
  ["int64", { values: BigInt64Array.from(numbers, BigInt) }],
  ["uint64", { values: BigUint64Array.from(numbers, BigInt), validity }],
  ["str", { values: numbers.map((n) => (n % 3 ? `text ${n}` : null)) }],
  ["category", { values: Uint8Array.from(numbers), validity, dictionary: numbers.slice(0, 256).map(String) }],
])("many rows of a column of %s are taken with turns of the event loop between", async (type, storage) => {
  const column = new Column("c", type, ROWS, storage);
  const rows = Uint32Array.from({ length: ROWS }, (_, i) => ROWS - 1 - i);
  let turns = 0;
  let isDone = false;
  const turn = () => {
    turns++;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  const taken = await takeInTurns(column, rows);
  isDone = true;
  expect(turns).toBeGreaterThanOrEqual(Math.ceil(ROWS / 65_536));
  const whole = column.take(rows).storage;
  expect(taken.validity).toEqual(whole.validity);
  expect(taken.dictionary).toBe(whole.dictionary);
  const wrong = numbers.filter(
    (_, i) => taken.values[i] !== whole.values[i] || taken.values[i] !== storage.values[ROWS - 1 - i],
  );
  expect(wrong).toEqual([]);
});
