import { describe, expect, test } from "vitest";
import { closeKeys, inOrderOfKeys } from "../../../src/duckdb/close-keys.ts";
import { planQuery } from "../../../src/query/plan.ts";

const schema = {
  columns: [
    { name: "k", type: "int64" },
    { name: "t", type: "str" },
    { name: "v", type: "float64" },
  ],
};
const statistics = { rows: 5_000_000, ranges: new Map([["k", { low: 1, high: 1_000_000, hasNull: false }]]) };
const beyond = new Map([["k", { low: 2 ** 60, high: 2 ** 60 + 1024, hasNull: false }]]);
const limits = { memoryLimit: 2 ** 30, threads: 2 };

describe("closeKeys", () => {
  test("takes whole numbers whose range footers tell", () => {
    expect(closeKeys(planQuery(schema, { by: "k", agg: "v:sum" }), statistics, limits)).toEqual({
      bits: 20,
      keys: [{ name: "k", low: 1, high: 1_000_000, hasNull: false }],
    });
  });

  test.each([
    ["a key of texts", { by: "k,t", agg: "v:sum" }, statistics, limits],
    ["a computed key", { by: "k + 1 AS next", agg: "v:sum" }, statistics, limits],
    ["values that are kept", { by: "k", agg: "v:median" }, statistics, limits],
    ["texts that are compared", { by: "k", agg: "t:max" }, statistics, limits],
    ["fewer rows than places", { by: "k", agg: "v:sum" }, { ...statistics, rows: 1_000_000 }, limits],
    ["little memory", { by: "k", agg: "v:sum" }, statistics, { ...limits, memoryLimit: 2 ** 27 }],
    ["many threads", { by: "k", agg: "v:sum" }, statistics, { ...limits, threads: 64 }],
    ["no statistics", { by: "k", agg: "v:sum" }, undefined, limits],
    ["bounds beyond 2^53", { by: "k", agg: "v:sum" }, { ...statistics, ranges: beyond }, limits],
    ["none of the key", { by: "k", agg: "v:sum" }, { ...statistics, ranges: new Map() }, limits],
  ])("leaves %s to the hash table", (_, words, told, given) => {
    expect(closeKeys(planQuery(schema, words), told, given)).toBeUndefined();
  });
});

describe("inOrderOfKeys", () => {
  const close = { bits: 4, keys: [{ name: "k", low: -2, high: 2, hasNull: true }] };
  const sums = { name: "s", type: "float64", values: Float64Array.of(30, 10, 20) };

  test("puts groups in order, null last", () => {
    const keys = { name: "k", type: "int64", values: BigInt64Array.of(0n, -2n, 2n), validity: Uint8Array.of(0b110) };
    const [key, sum] = inOrderOfKeys([keys, sums], 3, close);
    expect(Array.from(key?.values as BigInt64Array).slice(0, 2)).toEqual([-2n, 2n]);
    expect(key?.validity?.[0]).toBe(0b011);
    expect(Array.from(sum?.values as Float64Array)).toEqual([10, 20, 30]);
  });

  test.each([2 ** 33 - 2, -(2 ** 33) - 2, 2 ** 32 - 1])("whatever the size of the keys: from %d", (low) => {
    const above = (distance: number) => BigInt(low) + BigInt(distance);
    const keys = { name: "k", type: "int64", values: BigInt64Array.of(above(4), above(0), above(2)) };
    const [key] = inOrderOfKeys([keys, sums], 3, {
      bits: 3,
      keys: [{ name: "k", low, high: low + 4, hasNull: false }],
    });
    expect(key?.values).toEqual(BigInt64Array.of(above(0), above(2), above(4)));
  });

  test("hands on what is in order", () => {
    const columns = [{ name: "k", type: "int8", values: Int8Array.of(-2, 0, 2) }, sums];
    expect(inOrderOfKeys(columns, 3, close)).toBe(columns);
  });

  test.each([
    ["above", Int32Array.of(-2, 3, 0)],
    ["below", Int32Array.of(-2, -3, 0)],
    ["twice", Int32Array.of(-2, 0, 0)],
    ["above by 2^32", BigInt64Array.of(-2n, 2n ** 32n, 1n)],
    ["below by 2^32", BigInt64Array.of(-2n, -(2n ** 32n), 1n)],
  ])("refuses what footers do not tell: a key %s", (_, values) => {
    expect(() => inOrderOfKeys([{ name: "k", type: "int32", values }, sums], 3, close)).toThrow("wrong bounds");
  });

  test("refuses null where footers tell of none", () => {
    const keys = { name: "k", type: "int8", values: Int8Array.of(0, -2, 2), validity: Uint8Array.of(0b110) };
    const [told] = close.keys as [(typeof close.keys)[0]];
    const closeKeys = { bits: 4, keys: [{ ...told, hasNull: false }] };
    expect(() => inOrderOfKeys([keys, sums], 3, closeKeys)).toThrow("wrong bounds");
  });
});
