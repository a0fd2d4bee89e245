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

function read(texts: readonly string[], scale: number): (bigint | null)[] {
  return readColumn(kernel, texts, BigInt64Array, ({ starts, skip, ends, stride, rows }, out, valid) =>
    kernel.calls.parseDecimals(starts, skip, ends, stride, rows, scale, out, valid),
  );
}

function fault() {
  const { misfits, firstMisfit, misfitReason } = kernel.calls;
  return { misfits: misfits.value, row: firstMisfit.value, reason: misfitReason.value };
}

const LARGEST = 10n ** 18n - 1n;

/** A number of 10^-scale with so many decimals, of which those beyond the scale are zeros. */
function written(value: bigint, scale: number, decimals: number): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
  const whole = scale === 0 ? digits : digits.slice(0, -scale);
  const fraction = (scale === 0 ? "" : digits.slice(-scale)).padEnd(decimals, "0");
  const shown = fraction.slice(decimals).replace(/0/g, "") === "" ? fraction.slice(0, decimals) : fraction;
  return `${value < 0n ? "-" : ""}${whole}${shown === "" ? "" : `.${shown}`}`;
}

describe("parseDecimals", () => {
  it("reads what BigInt reads, with all, fewer or more decimals", () => {
    const values = fc.oneof(
      fc.bigInt({ min: -LARGEST, max: LARGEST }),
      fc.bigInt({ min: -1000000n, max: 1000000n }),
      fc.constantFrom(0n, LARGEST, -LARGEST, 99999999n, 100000000n, 10n ** 16n),
    );
    const row = fc.tuple(values, fc.integer({ min: 0, max: 20 }));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 18 }), fc.array(row, { maxLength: 40 }), (scale, rows) => {
        const texts = rows.map(([value, decimals]) => written(value, scale, decimals));
        expect(read(texts, scale)).toEqual(rows.map(([value]) => value));
        expect(
          read(
            texts.map((text) => text.replace(/^(-?)0\./, "$1.")),
            scale,
          ),
        ).toEqual(rows.map(([value]) => value));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("never rounds: more decimals than the scale are a misfit, zeros beyond it are none", () => {
    expect(read(["1.5", "1.500", "1.505", "5", "5.", ".5", "-.5", "+1.25", " 1.5 ", '"1.5"'], 2)).toEqual([
      150n,
      150n,
      null,
      500n,
      500n,
      50n,
      -50n,
      125n,
      150n,
      150n,
    ]);
    expect(fault()).toEqual({ misfits: 1, row: 2, reason: 3 });
  });

  it("takes exponents where decimals are declared, as far as every digit stays", () => {
    const texts = ["1e2", "1.5E1", "-2.345e+1", "225e-2", "1e-2", "0e9", "0.0000125e5", "1.00e0", "1234567890123456e0"];
    expect(read(texts, 2)).toEqual(texts.map(() => null));
    kernel.calls.setTakesWholeDecimals(1);
    expect(read(texts, 2)).toEqual([10_000n, 1500n, -2345n, 225n, 1n, 0n, 125n, 100n, 123_456_789_012_345_600n]);
    const none = [
      "1e-3",
      "1.2345e1",
      "1e17",
      "1e400",
      "1e",
      "1e+",
      "1e2.5",
      "e2",
      ".e2",
      "1e2x",
      "99999999999999999999e-5",
    ];
    expect(read(none, 2)).toEqual(none.map(() => null));
    expect(fault().misfits).toBe(none.length);
  });

  it("refuses more than 18 digits, exponents, and what is no number", () => {
    expect(read(["9999999999999999.99", "10000000000000000.00"], 2)).toEqual([LARGEST, null]);
    expect(fault()).toEqual({ misfits: 1, row: 1, reason: 2 });
    expect(read(["99999999999999999999999"], 2)).toEqual([null]);
    expect(fault().reason).toBe(2);
    expect(read(["1.5e3"], 2)).toEqual([null]);
    expect(fault().reason).toBe(6);
    const wrong = [
      ".",
      "-.",
      "-",
      "1.2.3",
      "1,5",
      "1.5-",
      "--1.5",
      "nan",
      "1_0.50",
      "12/45.00",
      "1:.00",
      "1.:0",
      "  ",
      "1.5f",
    ];
    for (const text of wrong) {
      expect(read([text], 2)).toEqual([null]);
      expect(fault()).toEqual({ misfits: 1, row: 0, reason: 1 });
    }
  });

  it("takes the empty field and null words for missing", () => {
    setNullWords(kernel, ["-9.99", "n/a"]);
    expect(read(["", '""', "-9.99", "n/a", '"n/a"', "9.99"], 2)).toEqual([null, null, null, null, null, 999n]);
    expect(fault().misfits).toBe(0);
  });

  it("reads decimal commas", () => {
    kernel.calls.setDecimalMark(44);
    expect(read(["1,50", "1,5", "12345678,25", "1.50"], 2)).toEqual([150n, 150n, 1234567825n, null]);
  });

  it("keeps leading zeros apart where they are kept", () => {
    kernel.calls.setKeepsZeros(1);
    expect(read(["0.05", "10.05", "0.5", ".05", "0"], 2)).toEqual([5n, 1005n, 50n, 5n, 0n]);
    expect(read(["00.05", "007.50", "007", "-07.50", "0123456789.00"], 2)).toEqual([null, null, null, null, null]);
    expect(fault()).toEqual({ misfits: 5, row: 0, reason: 4 });
  });
});
