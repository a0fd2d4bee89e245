import { describe, expect, test } from "vitest";
import type { EngineColumn } from "../../../src/query/engine-table.ts";
import { scanGroups } from "../../../src/scan/scan-groups.ts";
import { tableOf, testFolder, writeSource } from "./scan-table.ts";

const folder = testFolder();
const ROWS = 150_000;
/** More than threads hand on at a time. */
const KEYS = 40_000;

/** Keys by row: those of a range of which most are there, of a wide one, and texts; some are missing. */
const KEY_OF: Readonly<Record<string, (row: number) => number | string | null>> = {
  dense: (row) => (row % 1009 === 0 ? null : (row * 7919) % KEYS),
  ascending: (row) => Math.floor(row / 4),
  wide: (row) => (row % 1013 === 0 ? null : ((row * 7919) % KEYS) * 1e11 - 1e15),
  text: (row) => (row % 1019 === 0 ? null : `key ${((row * 7919) % KEYS) ** 3}`),
};

interface Expected {
  count: bigint;
  sum: bigint;
  least: bigint;
  last: bigint;
}

function expectedOf(keyOf: (row: number) => number | string | null): Map<number | string | null, Expected> {
  const groups = new Map<number | string | null, Expected>();
  for (let row = 0; row < ROWS; row++) {
    const key = keyOf(row);
    const value = BigInt(row % 97) - 40n;
    const before = groups.get(key);
    groups.set(key, {
      count: (before?.count ?? 0n) + 1n,
      sum: (before?.sum ?? 0n) + value,
      least: before && before.least < value ? before.least : value,
      last: value,
    });
  }
  return groups;
}

function keysOf({ values, validity, dictionary }: EngineColumn): (number | string | null)[] {
  return Array.from(values as ArrayLike<number | bigint>, (value, i) => {
    if (validity && (((validity[i >> 3] as number) >> (i & 7)) & 1) === 0) return null;
    return dictionary ? (dictionary[Number(value)] as string) : Number(value);
  });
}

/** Behind all others stands the missing key. */
function inOrder(one: number | string | null, other: number | string | null): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return one < other ? -1 : Number(one > other);
}

describe("groups that threads hand on some at a time", () => {
  test.each(Object.keys(KEY_OF))("are those of all rows: %s keys", async (kind) => {
    const keyOf = KEY_OF[kind] as (row: number) => number | string | null;
    const lines = Array.from({ length: ROWS }, (_, row) => `${keyOf(row) ?? ""},${(row % 97) - 40}\n`);
    const source = writeSource(folder, `${kind}.csv`, `k,v\n${lines.join("")}`);
    const table = tableOf([source], [kind === "text" ? "k:text" : "k:int", "v:int"]);
    const expected = expectedOf(keyOf);
    const names = ["count", "sum", "min", "last"] as const;
    const ofKey = { fn: "max", column: "k", name: "greatest key" } as const;
    const aggregates = names.map((fn) => ({ fn, column: "v", name: fn }));
    // Where the key is a value, too, its texts are needed by their codes.
    for (const [threads, sorted, others] of [
      [2, true, [ofKey]],
      [2, true, []],
      [3, false, [ofKey]],
      [8, true, []],
    ] as const) {
      const tuning = { pieceBytes: 200_000, smallBytes: 0 };
      const result = await scanGroups(
        table,
        { keys: ["k"], aggregates: [...aggregates, ...others], sorted },
        { threads, tuning },
      );
      const [key, ...figures] = result.columns as [EngineColumn, ...EngineColumn[]];
      const keys = keysOf(key);
      if (others.length > 0) expect(keysOf(figures.pop() as EngineColumn)).toEqual(keys);
      const found = new Map(
        keys.map((one, i) => {
          const [count, sum, least, last] = figures.map(({ values }) => BigInt(values[i] as number | bigint));
          return [one, { count, sum, least, last }];
        }),
      );
      expect(keys.length).toBe(expected.size);
      expect(found).toEqual(expected);
      if (sorted) expect(keys).toEqual([...expected.keys()].sort(inOrder));
    }
  });
});
