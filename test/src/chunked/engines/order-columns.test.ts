import { expect, test } from "vitest";
import { orderColumns } from "../../../../src/chunked/engines/order-columns.ts";
import { sortedOrder } from "../../../../src/chunked/order.ts";

const WHOLES = [3n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 0n, 2n ** 32n, 2n ** 32n - 1n, -(2n ** 32n), 2n ** 53n + 1n, 3n];

test.each([
  ["with a sign", BigInt64Array, WHOLES],
  ["without one", BigUint64Array, [...WHOLES.map((value) => BigInt.asUintN(64, value)), 2n ** 64n - 1n]],
] as const)("whole numbers of 64 bits %s are put in order by every digit", async (_, type, given) => {
  const values = new type(given);
  const byValue = (sign: number) => (a: number, b: number) => {
    const [left, right] = [values[a] as bigint, values[b] as bigint];
    return left === right ? a - b : left < right ? -sign : sign;
  };
  const numbers = given.map((_, i) => i);
  expect([...(await sortedOrder([values], given.length))]).toEqual(numbers.toSorted(byValue(1)));
  expect([...(await sortedOrder([values], given.length, new Set([0])))]).toEqual(numbers.toSorted(byValue(-1)));
  const order = [{ name: "n", isDescending: true }];
  const columns = [{ name: "n", type: type === BigInt64Array ? "int64" : "uint64", values }];
  const [ordered] = await orderColumns(columns, { order, limit: 3 });
  expect(ordered?.values).toEqual(values.toSorted().reverse().slice(0, 3));
});
