import { expect, test } from "vitest";
import type { Data } from "../../../src/frame/arrow.ts";
import { arrowOf, type DataFrame, frameFromColumns } from "../../../src/frame/frame.ts";
import { frameSizes, frameSizesInTurns, JS_BYTES } from "../../../src/frame/sizes.ts";

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

test("in turns they are the same, with a pause after some thousands of values", async () => {
  const rows = 100_000;
  const texts = Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? null : `text ${i}`));
  const mixed = Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? `ü ${i}` : i));
  const frame = frameFromColumns([
    { name: "s", type: "str", values: texts },
    { name: "m", type: "object", values: mixed },
  ]);
  let pauses = 0;
  const sizes = await frameSizesInTurns(frame, async () => void pauses++);
  expect(pauses).toBeGreaterThan((3 * rows) / 20_000);
  expect(sizes).toEqual(frameSizes(frame));
  // As Arrow has them when they are encoded.
  const { data } = arrowOf(frame.loc({ columns: ["s"] }) as DataFrame).getChildAt(0) ?? {};
  const [{ values, valueOffsets, nullBitmap }] = data as [Data];
  expect(sizes.columns[0]?.arrow).toBe(values.byteLength + valueOffsets.byteLength + Math.ceil(rows / 8));
  expect(nullBitmap.byteLength).toBeGreaterThanOrEqual(Math.ceil(rows / 8));
});

test("a row of six columns takes the 192 bytes that were measured, of twenty 400", () => {
  expect(Math.abs(JS_BYTES.row(6) - 192)).toBeLessThanOrEqual(16);
  expect(Math.abs(JS_BYTES.row(20) - 400)).toBeLessThanOrEqual(32);
});
