import { expect, test } from "vitest";
import { frameFromColumns } from "../../../src/frame/frame.ts";
import { frameSizes, JS_BYTES } from "../../../src/frame/sizes.ts";

test("sizes follow the measured costs", () => {
  const rows = 1000;
  const frame = frameFromColumns([
    { name: "id", type: "int32", values: new Int32Array(rows) },
    {
      name: "v",
      type: "float64",
      values: new Float64Array(rows).fill(0.5),
      validity: new Uint8Array(rows / 8).fill(0xfe),
    },
    { name: "s", type: "str", values: Array.from({ length: rows }, () => "0123456789") },
    { name: "w", type: "str", values: Array.from({ length: rows }, () => "€uro") },
    { name: "k", type: "category", values: new Int32Array(rows), dictionary: ["a", "b"] },
  ]);
  const sizes = frameSizes(frame);
  const js = Object.fromEntries(sizes.columns.map((column) => [column.name, column.js]));
  expect(js).toEqual({ id: 8 * rows, v: 25 * rows, s: 40 * rows, w: 32 * rows, k: 8 * rows + 2 * 24 });
  const arrow = Object.fromEntries(sizes.columns.map((column) => [column.name, column.arrow]));
  expect(arrow).toMatchObject({
    id: 4 * rows,
    v: 8 * rows + rows / 8,
    s: 10 * rows + 4 * (rows + 1),
    k: 4 * rows + 2 + 12,
  });
  expect(sizes.js).toBe(Object.values(js).reduce((a, b) => a + b));
  expect(sizes.danfo).toBe(sizes.js + rows * (JS_BYTES.row(5) + 5 * 10 + 8));
});

test("a row of six columns takes the 192 bytes that were measured, of twenty 400", () => {
  expect(Math.abs(JS_BYTES.row(6) - 192)).toBeLessThanOrEqual(16);
  expect(Math.abs(JS_BYTES.row(20) - 400)).toBeLessThanOrEqual(32);
});
