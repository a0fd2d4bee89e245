import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Interrupted } from "../../../src/errors.ts";
import { runScan, type ScanOptions } from "../../../src/scan/run-scan.ts";
import type { ScanTable } from "../../../src/scan/table.ts";
import { sourceOf, tableOf, testFolder, writeSource } from "./scan-table.ts";

const folder = testFolder();

/** Everything in threads and in small pieces, on the build that guards its memory. */
const small = { build: "checked", blockBytes: 512, pieceBytes: 1000, smallBytes: 0 } as const;

async function countRows(table: ScanTable, options: ScanOptions = {}): Promise<number> {
  const run = await runScan(table, { kind: "rows" }, { tuning: small, ...options });
  expect(run.value).toBe(run.rows);
  return run.rows;
}

describe("a scan over threads", () => {
  const lines = Array.from({ length: 3000 }, (_, i) => `${i},"line ${i}\nof ""many""",${"x".repeat(i % 50)}`);
  const text = `a,b,c\n${lines.join("\n")}\n`;

  test.each([1, 2, 3, 8])("reads every row once with %i threads", async (threads) => {
    const table = tableOf([writeSource(folder, "many.csv", text)], ["a", "b", "c"]);
    expect(await countRows(table, { threads })).toBe(3000);
  });

  test("reads several files as one, each without its line of names", async () => {
    const parts = [0, 1, 2].map((i) => writeSource(folder, `part-${i}.csv`, `\uFEFFa,b,c\n${lines.slice(i, 900).join("\n")}`));
    expect(await countRows(tableOf(parts, ["a", "b", "c"]), { threads: 3 })).toBe(900 + 899 + 898);
  });
});
