import { expect, test } from "vitest";
import { heldBytes } from "../../../kernel/magics/held-bytes.ts";

test("a sparse array holds its elements, and not the places between", () => {
  const sparse: unknown[] = [];
  sparse[2 ** 32 - 2] = "x".repeat(1000);
  sparse[7] = new Float64Array(1000);
  const { bytes, isEstimate } = heldBytes(sparse);
  expect(bytes).toBeGreaterThan(9000);
  expect(bytes).toBeLessThan(12_000);
  expect(isEstimate).toBe(false);
  expect(heldBytes(new Array(1_000_000).fill(0)).bytes).toBeGreaterThan(8_000_000 - 100);
});
