import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Kernel } from "../../../src/scan/kernel.ts";
import { fillPowers } from "../../../src/scan/values/powers.ts";
import { newKernel, readColumn, setNullWords } from "./field-table.ts";

let kernel: Kernel;
let hardTexts: string[] = [];

beforeAll(async () => {
  kernel = await newKernel();
  fillPowers(kernel);
});

beforeEach(() => {
  kernel.calls.setKeepsZeros(0);
  kernel.calls.setDecimalMark(46);
  kernel.calls.setNulls(0, 0);
});

afterAll(() => {
  expect(kernel.calls.brokenGuard()).toBe(0);
});

/** Hard ones are read by JavaScript, as the column reader does. */
function read(texts: readonly string[]): (number | null)[] {
  const hard = kernel.calls.alloc(4 * texts.length + 4);
  const column = readColumn(kernel, texts, Float64Array, ({ starts, skip, ends, stride, rows }, out, valid) =>
    kernel.calls.parseDoubles(starts, skip, ends, stride, rows, out, valid, hard),
  );
  const rows = [...new Uint32Array(kernel.bytes.buffer, hard, kernel.calls.hardRows.value)];
  kernel.calls.free(hard);
  hardTexts = rows.map((row) => texts[row] as string);
  for (const row of rows) column[row] = Number(texts[row]);
  return column;
}

function sameAsNumber(texts: readonly string[]): void {
  const column = read(texts);
  const wrong = texts.filter((text, i) => !Object.is(column[i], Number(text)));
  expect(wrong).toEqual([]);
}

function fault() {
  const { misfits, firstMisfit, misfitReason } = kernel.calls;
  return { misfits: misfits.value, row: firstMisfit.value, reason: misfitReason.value };
}

describe("parseDoubles", () => {
  it("reads doubles written in 17 digits and shortest, bit for bit", () => {
    const any = fc.double({ noNaN: true, noDefaultInfinity: true });
    const near = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.oneof(any, near), { maxLength: 60 }), (numbers) => {
        const normal = numbers.map((number) => (Object.is(number, -0) ? 0 : number));
        sameAsNumber([
          ...normal.map(String),
          ...normal.map((n) => n.toPrecision(17)),
          ...normal.map((n) => n.toExponential(16)),
        ]);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("reads any digits with any exponent as JavaScript does", () => {
    const digits = fc.tuple(
      fc.bigInt({ min: 0n, max: 10n ** 25n }),
      fc.integer({ min: 0, max: 25 }),
      fc.integer({ min: -345, max: 310 }),
    );
    fc.assert(
      fc.property(fc.array(digits, { maxLength: 60 }), (rows) => {
        sameAsNumber(
          rows.map(([number, places, exponent]) => {
            const text = String(number).padStart(places + 1, "0");
            return `${text.slice(0, text.length - places)}.${text.slice(text.length - places)}e${exponent}`;
          }),
        );
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("rounds the middle of two doubles and its neighbours rightly", () => {
    const double = fc.double({ min: 1e-30, max: 1e30, noNaN: true });
    const view = new DataView(new ArrayBuffer(8));
    const bits = (number: number) => {
      view.setFloat64(0, number);
      return view.getBigUint64(0);
    };
    // The exact decimal expansion of the middle: mantissa and a half, by powers of two.
    const middle = (number: number): [bigint, number] => {
      const all = bits(number);
      const mantissa = ((all & (2n ** 52n - 1n)) | (2n ** 52n)) * 2n + 1n;
      return [mantissa, Number(all >> 52n) - 1076];
    };
    fc.assert(
      fc.property(fc.array(double, { maxLength: 20 }), (numbers) => {
        const texts = numbers.flatMap((number) => {
          const [mantissa, power] = middle(number);
          const whole = power >= 0 ? mantissa << BigInt(power) : mantissa * 5n ** BigInt(-power);
          const exponent = power >= 0 ? 0 : power;
          return [whole - 1n, whole, whole + 1n].map((digits) => `${digits}e${exponent}`);
        });
        sameAsNumber(texts);
      }),
      { seed: 1, numRuns: 200 },
    );
    sameAsNumber([
      "9007199254740993",
      "9007199254740991",
      "9007199254740995",
      "9007199254740993.0",
      "4503599627370496.5",
      "4503599627370497.5",
      "0.500000000000000166533453693773481063544750213623046875",
    ]);
  });

  it("reads subnormal numbers, the ends of the range, and what is beyond them", () => {
    sameAsNumber([
      "4.9e-324",
      "5e-324",
      "2.4703282292062327e-324",
      "2.4703282292062328e-324",
      "1e-400",
      "2.2250738585072011e-308",
      "2.2250738585072014e-308",
      "1.7976931348623157e308",
      "1.7976931348623158e308",
      "1.7976931348623159e308",
      "1e309",
      "1e400",
      "-1e400",
      "1e999999999999",
      "0e999999999999",
      "1e-999999999999",
    ]);
  });

  it("leaves few numbers of 17 digits to JavaScript", () => {
    const texts = Array.from({ length: 20_000 }, (_, i) => (Math.sin(i + 1) * 1000).toPrecision(17));
    sameAsNumber(texts);
    expect(hardTexts.length).toBeLessThan(20);
  });

  it("takes signs, blanks, quotes, missing digits on one side, and the words for what is no number", () => {
    const texts = [
      "+1.5",
      " 1.5 ",
      '"1.5"',
      ".5",
      "5.",
      "-.5",
      "1E+5",
      "1e-5",
      "-0",
      "-0.0",
      "NaN",
      "nan",
      "-nan",
      "inf",
      "-INF",
      "+Infinity",
      "infinity",
    ];
    expect(read(texts)).toEqual([
      1.5,
      1.5,
      1.5,
      0.5,
      5,
      -0.5,
      1e5,
      1e-5,
      -0,
      -0,
      NaN,
      NaN,
      NaN,
      Infinity,
      -Infinity,
      Infinity,
      Infinity,
    ]);
    expect(fault().misfits).toBe(0);
  });

  it("refuses everything else", () => {
    const wrong = [
      ".",
      "-",
      "-.",
      "e5",
      "1e",
      "1e+",
      "1.5f",
      "0x1p3",
      "1_000.5",
      "1,5",
      "1.2.3",
      "--1",
      "1 5",
      "nano",
      "in",
      "infinit",
      "infinite",
      "nan(1)",
      "  ",
      "1e5.5",
      "+-1",
      '"',
    ];
    for (const text of wrong) {
      expect([text, ...read([text])]).toEqual([text, null]);
      expect(fault()).toEqual({ misfits: 1, row: 0, reason: 1 });
    }
    expect(read(["1", "x", "y"])).toEqual([1, null, null]);
    expect(fault()).toEqual({ misfits: 2, row: 1, reason: 1 });
  });

  it("takes null words for missing, also those that are numbers", () => {
    setNullWords(kernel, ["NaN", "-999.0"]);
    expect(read(["", '""', "NaN", "nan", "-999.0", "-999"])).toEqual([null, null, null, NaN, null, -999]);
  });

  it("reads decimal commas, and keeps leading zeros apart", () => {
    kernel.calls.setDecimalMark(44);
    expect(read(["1,5", "12345678,123456789", "1.5"])).toEqual([1.5, 12345678.123456789, null]);
    kernel.calls.setDecimalMark(46);
    kernel.calls.setKeepsZeros(1);
    expect(read(["0.5", "00.5", "007", "0", "-07.5"])).toEqual([0.5, null, null, 0, null]);
    expect(fault()).toEqual({ misfits: 3, row: 1, reason: 4 });
  });
});
