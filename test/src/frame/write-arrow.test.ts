import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { arrow } from "../../../src/frame/arrow.ts";
import { columnOfInput } from "../../../src/frame/input.ts";
import { writeArrowFile } from "../../../src/frame/write-arrow.ts";

async function* slowBatches() {
  for (let batch = 0; batch < 3; batch++) {
    yield { columns: [columnOfInput({ name: "v", type: "int32", values: Int32Array.of(batch) })], rows: 1 };
    await wait(50);
  }
}

test("a disk that is full while the next batch is computed ends the writing, and not the process", async () => {
  await expect(writeArrowFile("/dev/full", slowBatches())).rejects.toMatchObject({ code: "ENOSPC" });
});

test("a batch is asked for when those before it are in the file, so that none waits in memory", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "outgrow-arrow-"));
  const file = path.join(folder, "all.arrow");
  const rows = 2 ** 18;
  async function* quickBatches() {
    for (let batch = 0; batch < 12; batch++) {
      expect(statSync(file).size).toBeGreaterThanOrEqual(batch * rows * 4);
      yield { columns: [columnOfInput({ name: "v", type: "int32", values: new Int32Array(rows).fill(batch) })], rows };
    }
  }
  try {
    expect(await writeArrowFile(file, quickBatches())).toBe(12 * rows);
    const table = arrow().tableFromIPC(readFileSync(file));
    expect([table.numRows, table.get(11 * rows)?.toJSON()]).toEqual([12 * rows, { v: 11 }]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
