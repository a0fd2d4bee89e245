import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
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
