import { afterEach, expect, test } from "vitest";
import { memoryLimitOf } from "../../src/limits.ts";

const GiB = 2 ** 30;
const own = Object.getOwnPropertyDescriptor(process, "availableMemory");

function withFree(bytes: number): void {
  Object.defineProperty(process, "availableMemory", { value: () => bytes, configurable: true });
}

afterEach(() => {
  if (own) Object.defineProperty(process, "availableMemory", own);
  else Reflect.deleteProperty(process, "availableMemory");
});

test.each([
  [1, 1, GiB / 2],
  [2, 64, GiB],
  [4, 64, GiB],
  [16, 64, 4 * GiB],
  [16, 8, 2 * GiB],
  [16, 1, GiB / 2],
])("%d threads on a machine with %d GiB free", (threads, free, limit) => {
  withFree(free * GiB);
  expect(memoryLimitOf(undefined, threads)).toBe(limit);
});

test("what is given stands, whatever the threads", () => {
  expect(memoryLimitOf(GiB, 64)).toBe(GiB);
  expect(() => memoryLimitOf(2 ** 20, 1)).toThrow("below 32 MiB");
});
