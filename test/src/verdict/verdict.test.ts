import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DecideInput, decide, sourceWord } from "../../../src/verdict/decide.ts";
import { type Machine, machine } from "../../../src/verdict/machine.ts";
import { ruleOfThumb } from "../../../src/verdict/rule-of-thumb.ts";
import { learnSeconds, predictSeconds } from "../../../src/verdict/speed.ts";

const GIB = 2 ** 30;
const here: Machine = {
  cores: 8,
  memory: 32 * GIB,
  memoryFree: 16 * GIB,
  tempFree: 200 * GIB,
  tempFolder: "/tmp",
  pace: 1,
};
const data = (
  over: Partial<Omit<DecideInput, "bytes">> & { file?: number; arrow?: number; arrowAdvised?: number },
): DecideInput => ({
  source: "data/x.csv",
  rows: 1e6,
  seconds: over.seconds ?? 10,
  resultBytes: over.resultBytes,
  isInMemory: over.isInMemory,
  query: over.query,
  code: over.code,
  bytes: { file: over.file ?? GIB, arrow: over.arrow ?? GIB, arrowAdvised: over.arrowAdvised ?? GIB / 2 },
});

describe("the verdict", () => {
  test.each([
    ["fits as it is", data({}), here, "local", "load"],
    ["fits with the advice", data({ arrow: 6 * GIB, arrowAdvised: 3 * GIB }), here, "local", "shrink"],
    [
      "in pieces",
      data({ arrow: 40 * GIB, arrowAdvised: 20 * GIB, file: 30 * GIB, seconds: 200 }),
      here,
      "local",
      "chunk",
    ],
    [
      "takes too long",
      data({ arrow: 400 * GIB, arrowAdvised: 200 * GIB, file: 100 * GIB, seconds: 900 }),
      here,
      "hybrid",
      "split",
    ],
    [
      "no room to spill",
      data({ arrow: 40 * GIB, arrowAdvised: 20 * GIB, file: 30 * GIB, seconds: 200 }),
      { ...here, tempFree: GIB },
      "hybrid",
      "split",
    ],
    ["takes hours", data({ arrow: 4e12, arrowAdvised: 2e12, file: 3e12, seconds: 9_000 }), here, "spark", "cluster"],
    ["a result larger than memory", data({ resultBytes: 10 * GIB }), here, "spark", "cluster"],
  ])("%s", (_, input, machine, choice, how) => {
    const made = decide(input, machine);
    expect(made).toMatchObject({ choice, how, bytes: input.bytes.arrowAdvised, seconds: input.seconds });
    expect(made.reason).toMatch(/\d/);
  });

  test("the next line can be typed", () => {
    expect(decide(data({ query: "--by a --agg b:sum" }), here).next).toBe("%chunked data/x.csv --by a --agg b:sum");
    expect(decide(data({ seconds: 900, arrow: 1e12, arrowAdvised: 1e12 }), here).next).toBe("%spark-config data/x.csv");
    expect(decide(data({ isInMemory: true, code: "df.describe()" }), here).next).toBe("df.describe()");
    expect(sourceWord("sales")).toBe('"sales"');
    expect(sourceWord("my file.csv")).toBe('"my file.csv"');
  });

  test("more data never moves the verdict back towards this machine", () => {
    const order = { local: 0, hybrid: 1, spark: 2 } as const;
    const size = fc.double({ min: 1e6, max: 1e13, noNaN: true });
    fc.assert(
      fc.property(size, fc.double({ min: 1, max: 10, noNaN: true }), (file, factor) => {
        const of = (bytes: number) =>
          order[
            decide(data({ file: bytes, arrow: bytes, arrowAdvised: bytes / 2, seconds: bytes / 3e8 }), here).choice
          ];
        expect(of(file * factor)).toBeGreaterThanOrEqual(of(file));
      }),
      { seed: 20260102, numRuns: 300 },
    );
  });

  test("sizes that are no numbers are refused", () => {
    expect(() => decide(data({ arrow: Number.NaN }), here)).toThrow(expect.objectContaining({ code: "E_BAD_OPTION" }));
    expect(() => decide(data({ seconds: -1 }), here)).toThrow(expect.objectContaining({ code: "E_BAD_OPTION" }));
  });
});

describe("this machine", () => {
  test("has figures that can be", () => {
    const found = machine();
    expect(found.cores).toBeGreaterThanOrEqual(1);
    expect(found.memoryFree).toBeGreaterThan(0);
    expect(found.memoryFree).toBeLessThanOrEqual(found.memory);
    expect(found.tempFree).toBeGreaterThan(0);
    expect(found.pace).toBeGreaterThanOrEqual(0.25);
    expect(machine({ tempFolder: "/no/such/folder" }).tempFree).toBe(0);
  });

  test("predictions grow with the data and learn from what a pass took", () => {
    const work = (bytes: number) => ({ format: "json", bytes, values: 1 }) as const;
    expect(predictSeconds(work(2e9), here)).toBeGreaterThan(predictSeconds(work(1e9), here));
    expect(predictSeconds(work(1e9), { cores: 1, pace: 1 })).toBeGreaterThan(predictSeconds(work(1e9), here));
    const before = predictSeconds(work(1e9), here);
    for (let i = 0; i < 8; i++) learnSeconds(work(1e9), here, before * 3);
    expect(predictSeconds(work(1e9), here) / (before * 3)).toBeCloseTo(1, 1);
  });
});

test("the rule of thumb has three rows", () => {
  expect([1e9, 10e9, 49e9, 50e9, 1e13].map((bytes) => ruleOfThumb(bytes).choice)).toEqual([
    "local",
    "hybrid",
    "hybrid",
    "spark",
    "spark",
  ]);
});
