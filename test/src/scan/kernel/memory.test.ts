import { expect, test } from "vitest";
import { newKernel } from "../field-table.ts";

test("the memory grows in few steps, however small the blocks are, and stays within its limit", async () => {
  const { calls } = await newKernel();
  const blocks = 20_000;
  let [steps, buffer] = [0, calls.memory.buffer];
  for (let i = 0; i < blocks; i++) {
    expect(calls.alloc(4096)).toBeGreaterThan(0);
    if (calls.memory.buffer !== buffer) steps++;
    buffer = calls.memory.buffer;
  }
  expect(calls.takenBytes()).toBeGreaterThan(blocks * 4096);
  expect(buffer.byteLength).toBeLessThan(1.2 * calls.takenBytes());
  expect(steps).toBeLessThan(60);
  calls.setLimit(calls.takenBytes() + 10_000);
  expect(calls.alloc(8192)).toBeGreaterThan(0);
  expect(calls.alloc(8192)).toBe(0);
});
