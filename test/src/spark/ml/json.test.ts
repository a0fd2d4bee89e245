import { expect, test } from "vitest";
import { readJson, writeJson } from "../../../../src/spark/ml/json.ts";

test("whole numbers of 64 bits keep every digit, and texts that hold numbers stay as they are", () => {
  const text =
    '{"seed":-3850484474219416764,"ratio":0.1234567890123456789,"text":"a: 12345678901234567890, \\"9007199254740993\\"","small":7,"e":1e3}';
  const value = readJson(text);
  expect(value).toEqual({
    seed: -3850484474219416764n,
    ratio: 0.12345678901234568,
    text: 'a: 12345678901234567890, "9007199254740993"',
    small: 7,
    e: 1000,
  });
  expect(writeJson(value)).toBe(
    '{"seed":-3850484474219416764,"ratio":0.12345678901234568,"text":"a: 12345678901234567890, \\"9007199254740993\\"","small":7,"e":1000}',
  );
});

test("metrics that are no numbers are those again, as Python writes them", () => {
  const metrics = {
    avgMetrics: [Number.NaN, 0.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    text: "NaN, -Infinity",
  };
  expect(writeJson(metrics)).toBe('{"avgMetrics":[NaN,0.5,Infinity,-Infinity],"text":"NaN, -Infinity"}');
  expect(readJson('{"avgMetrics": [NaN, 0.5, Infinity, -Infinity], "text": "NaN, -Infinity"}')).toEqual(metrics);
});
