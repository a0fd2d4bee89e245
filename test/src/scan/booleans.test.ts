import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Kernel } from "../../../src/scan/kernel.ts";
import { newKernel, readColumn, setNullWords } from "./field-table.ts";

let kernel: Kernel;

beforeAll(async () => {
  kernel = await newKernel();
});

beforeEach(() => {
  kernel.calls.setNulls(0, 0);
});

afterAll(() => {
  expect(kernel.calls.brokenGuard()).toBe(0);
});

function read(texts: readonly string[]): (number | null)[] {
  return readColumn(kernel, texts, Uint8Array, ({ starts, skip, ends, stride, rows }, out, valid) =>
    kernel.calls.parseBools(starts, skip, ends, stride, rows, out, valid),
  );
}

describe("parseBools", () => {
  const both = (words: string[]) => words.flatMap((word) => [word, word.toUpperCase(), `"${word}"`]);

  it("reads what DuckDB reads, in any case and in quotes", () => {
    const yes = both(["true", "t", "yes", "y", "1", "True"]);
    const no = both(["false", "f", "no", "n", "0", "fAlse"]);
    expect(read([...yes, ...no])).toEqual([...yes.map(() => 1), ...no.map(() => 0)]);
  });

  it("refuses everything else", () => {
    const wrong = [
      " t",
      "t ",
      "on",
      "off",
      "2",
      "tru",
      "truee",
      "fals",
      "falsy",
      "ye",
      "na",
      "-1",
      "01",
      "\u0011",
      "\u0010",
      "x",
    ];
    expect(read(["t", ...wrong])).toEqual([1, ...wrong.map(() => null)]);
    const { misfits, firstMisfit, misfitReason } = kernel.calls;
    expect([misfits.value, firstMisfit.value, misfitReason.value]).toEqual([wrong.length, 1, 1]);
  });

  it("takes the empty field and null words for missing, though they be truth values", () => {
    setNullWords(kernel, ["n", "NULL"]);
    expect(read(["", '""', "n", "NULL", "no", "N"])).toEqual([null, null, null, null, 0, 0]);
    expect(kernel.calls.misfits.value).toBe(0);
  });
});
