import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Kernel } from "../../../src/scan/kernel.ts";
import { newKernel, readColumn, setNullWords } from "./field-table.ts";

let kernel: Kernel;

beforeAll(async () => {
  kernel = await newKernel();
});

beforeEach(() => {
  kernel.calls.setKeepsZeros(0);
  kernel.calls.setTakesWholeDecimals(0);
  kernel.calls.setDecimalMark(46);
  kernel.calls.setNulls(0, 0);
});

afterAll(() => {
  expect(kernel.calls.brokenGuard()).toBe(0);
});

function read(texts: readonly string[]): (bigint | null)[] {
  return readColumn(kernel, texts, BigInt64Array, ({ starts, skip, ends, stride, rows }, out, valid) =>
    kernel.calls.parseInts(starts, skip, ends, stride, rows, out, valid),
  );
}

function fault() {
  const { misfits, firstMisfit, misfitReason } = kernel.calls;
  return { misfits: misfits.value, row: firstMisfit.value, reason: misfitReason.value };
}

const EDGES = [
  0n,
  2n ** 31n,
  2n ** 32n,
  2n ** 53n,
  2n ** 63n - 3n,
  ...Array.from({ length: 19 }, (_, i) => 10n ** BigInt(i)),
]
  .flatMap((edge) => [edge - 2n, edge - 1n, edge, edge + 1n, edge + 2n])
  .flatMap((edge) => [edge, -edge]);

describe("parseInts", () => {
  it("reads what BigInt reads", () => {
    const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    const short = fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n });
    fc.assert(
      fc.property(fc.array(fc.oneof(int64, short, fc.constantFrom(...EDGES)), { maxLength: 50 }), (numbers) => {
        expect(read(numbers.map(String))).toEqual(numbers);
        expect(fault().misfits).toBe(0);
      }),
      { seed: 1 },
    );
  });

  it("reads the ends of the range and nothing beyond", () => {
    const beyond = [
      "9223372036854775808",
      "-9223372036854775809",
      "9999999999999999999",
      "18446744073709551616",
      "99999999999999999999999",
    ];
    expect(read(["9223372036854775807", "-9223372036854775808", ...beyond])).toEqual([
      2n ** 63n - 1n,
      -(2n ** 63n),
      ...beyond.map(() => null),
    ]);
    expect(fault()).toEqual({ misfits: beyond.length, row: 2, reason: 2 });
  });

  it("takes signs, blanks and quotes, and any number of leading zeros", () => {
    const texts = ["+5", " 5 ", "\t5", '"5"', '" -5 "', '"+5"', "-0", "007", "000000000000000000000000012"];
    expect(read(texts)).toEqual([5n, 5n, 5n, 5n, -5n, 5n, 0n, 7n, 12n]);
  });

  it("takes the empty field and null words for missing, quoted ones too, and digits that are a null word", () => {
    setNullWords(kernel, ["NA", "-999", "-"]);
    expect(read(["", '""', "NA", '"NA"', "-999", "999", "-", "-9990"])).toEqual([
      null,
      null,
      null,
      null,
      null,
      999n,
      null,
      -9990n,
    ]);
    expect(fault()).toEqual({ misfits: 0, row: -1, reason: 0 });
  });

  it("refuses everything else", () => {
    const wrong = [
      "-",
      "+",
      "--5",
      "+-5",
      "- 5",
      "5-",
      "5 5",
      "1_000",
      "0x10",
      "1e3",
      "5.0",
      "  ",
      '"',
      "5\u00a0",
      "٣",
      "1234567:",
      "12345678/",
      "123456789012345678a",
    ];
    expect(read(["1", ...wrong])).toEqual([1n, ...wrong.map(() => null)]);
    expect(fault()).toEqual({ misfits: wrong.length, row: 1, reason: 1 });
  });

  it("refuses every byte that is no digit at every place of every length", () => {
    for (const length of [1, 2, 7, 8, 9, 15, 16, 17, 18, 19]) {
      for (let place = 0; place < length; place++) {
        const texts = Array.from({ length: 127 }, (_, code) => code)
          .filter((code) => !/[\d\n]/.test(String.fromCharCode(code)))
          .map((code) => `${"1".repeat(place)}${String.fromCharCode(code)}${"1".repeat(length - place - 1)}`)
          .filter((text) => !/^[+\- \t]\d|\d[ \t]$|^"1*"$/.test(text));
        expect(read(texts).filter((value) => value !== null)).toEqual([]);
      }
    }
  });

  it("keeps leading zeros apart where they are kept", () => {
    kernel.calls.setKeepsZeros(1);
    expect(read(["0", "10", "100", "-0", "1000000000", "100000000000000000"])).toEqual([
      0n,
      10n,
      100n,
      0n,
      1000000000n,
      100000000000000000n,
    ]);
    const zeros = ["00", "007", "-07", "+07", "-012345678901", "0123456789", "012345678901234567", '"01"'];
    expect(read(zeros)).toEqual(zeros.map(() => null));
    expect(fault()).toEqual({ misfits: zeros.length, row: 0, reason: 4 });
  });

  it("takes whole numbers with decimals or an exponent where a declared type asks for it", () => {
    kernel.calls.setTakesWholeDecimals(1);
    expect(read(["5.0", "5.", "1e3", "1.5e1", "-2.50E+1", "100e-2", "0e999", "9223372036854775807.00"])).toEqual([
      5n,
      5n,
      1000n,
      15n,
      -25n,
      1n,
      0n,
      2n ** 63n - 1n,
    ]);
    expect(read(["5.5", "1e-1", "1e", "1e+", "5.x", "1e5x", "9223372036854775808.0", "1e19", "1e999"])).toEqual(
      Array.from({ length: 9 }, () => null),
    );
  });
});
