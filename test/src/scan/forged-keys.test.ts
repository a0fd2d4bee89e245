import { expect, test } from "vitest";
import { scanGroups } from "../../../src/scan/scan-groups.ts";
import { tableOf, testFolder, writeSource } from "./scan-table.ts";

const folder = testFolder();
const KEYS = 300_000;

test("keys that would share one place without the process's seed are found as fast as others", async () => {
  const keys = Array.from({ length: KEYS }, (_, i) => forgedKey(BigInt(i) << 3n));
  const file = writeSource(folder, "forged.csv", `k,n\n${keys.map((key) => `${key},1`).join("\n")}\n`);
  const request = {
    keys: ["k"],
    aggregates: [{ fn: "sum", column: "n", name: "sum" }],
  } as const;
  const { groups, rows, columns } = await scanGroups(tableOf([file], ["k:int", "n:int"]), request);
  expect({ groups, rows }).toEqual({ groups: KEYS, rows: KEYS });
  expect(new Set(Array.from(columns[0]?.values as BigInt64Array))).toEqual(new Set(keys));
});

/** The key whose hash is given, where nothing secret goes into the hash: each step of it is undone. */
function forgedKey(hash: bigint): bigint {
  const unshifted = (word: bigint) => word ^ (word >> 33n);
  let word = unshifted(hash);
  word = unshifted(BigInt.asUintN(64, word * inverse(0xc4ceb9fe1a85ec53n)));
  word = unshifted(BigInt.asUintN(64, word * inverse(0xff51afd7ed558ccdn)));
  return BigInt.asIntN(64, word);
}

/** Of an odd factor modulo 2^64, by Newton's steps. */
function inverse(factor: bigint): bigint {
  let guess = factor;
  for (let step = 0; step < 6; step++) guess = BigInt.asUintN(64, guess * (2n - factor * guess));
  return guess;
}
