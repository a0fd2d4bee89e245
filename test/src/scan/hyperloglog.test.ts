import { afterAll, beforeAll, expect, it } from "vitest";
import type { Kernel } from "../../../src/scan/kernel.ts";
import { newKernel } from "./field-table.ts";

const PRECISION = 14;
let kernel: Kernel;

beforeAll(async () => {
  kernel = await newKernel();
});

afterAll(() => {
  expect(kernel.calls.brokenGuard()).toBe(0);
});

/** Registers that have seen the whole numbers from one on up to another. */
function registersOf(from: number, to: number): number {
  const registers = kernel.calls.alloc(2 ** PRECISION) >>> 0;
  kernel.bytes.fill(0, registers, registers + 2 ** PRECISION);
  const values = kernel.calls.alloc((to - from) * 8) >>> 0;
  new BigInt64Array(kernel.bytes.buffer, values, to - from).forEach((_, i, all) => {
    all[i] = BigInt(from + i);
  });
  kernel.calls.hllValues(registers, PRECISION, values, to - from);
  kernel.calls.free(values);
  return registers;
}

it.each([0, 1, 2, 100, 5_000, 20_000, 60_000, 300_000])("tells %i different values within 3 %%", (count) => {
  const found = kernel.calls.hllEstimate(registersOf(1, 1 + count), PRECISION);
  expect(Math.abs(found - count)).toBeLessThanOrEqual(0.03 * count);
});

it("has the registers of parts that overlap as those of the whole", () => {
  const [whole, first, second] = [registersOf(0, 50_000), registersOf(0, 30_000), registersOf(20_000, 50_000)];
  kernel.calls.hllMerge(first, second, PRECISION);
  const bytes = (at: number) => Buffer.from(kernel.bytes.subarray(at, at + 2 ** PRECISION));
  expect(bytes(first).equals(bytes(whole))).toBe(true);
  expect(kernel.calls.hllEstimate(first, PRECISION)).toBe(kernel.calls.hllEstimate(whole, PRECISION));
});
