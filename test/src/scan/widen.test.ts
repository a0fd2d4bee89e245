import { describe, expect, test } from "vitest";
import type { Kind } from "../../../src/scan/table.ts";
import { widen } from "../../../src/scan/types/widen.ts";

const int: Kind = { kind: "int" };
const decimal = (scale: number): Kind => ({ kind: "decimal", scale });
const double: Kind = { kind: "double" };
const text: Kind = { kind: "text" };
const digits: Kind = { kind: "text", isDigits: true };
const date: Kind = { kind: "date" };
const timestamp = (zoned: boolean): Kind => ({ kind: "timestamp", zoned });

describe("a value that does not fit widens its column", () => {
  test.each<[Kind, string, Kind]>([
    [int, "12.5", decimal(1)],
    [int, " -12.50 ", decimal(2)],
    [int, "12.", double],
    [int, ".5", decimal(1)],
    [int, "1e3", double],
    [int, "NaN", double],
    [int, "-Infinity", double],
    [int, "9223372036854775808", digits],
    [int, "-99999999999999999999", digits],
    [int, "007", text],
    [int, "007.5", text],
    [int, "abc", text],
    [int, "1.2.3", text],
    [int, ".", text],
    [int, "0.1234567890123456789", double],
    [decimal(2), "0.125", decimal(3)],
    [decimal(2), "0.123456789012345678", decimal(18)],
    [decimal(2), "1234567890.123456789", double],
    [decimal(2), "12345678901234567890.5", double],
    [decimal(2), "12345678901234567890", double],
    [decimal(2), "1E-7", double],
    [decimal(2), "n/a", text],
    [decimal(2), "007.5", text],
    [double, "n/a", text],
    [{ kind: "bool" }, "maybe", text],
    [date, "2025-01-02T03:04:05", timestamp(false)],
    [date, "2025-01-02 03:04", timestamp(false)],
    [date, "2025-01-02 03:04:05.123Z", timestamp(true)],
    [date, "2025-01-02 03:04:05+02:00", timestamp(true)],
    [date, "2025-02-30", text],
    [{ kind: "date", format: "%d.%m.%Y" }, "2025-01-02T03:04:05", text],
    [timestamp(true), "2025-01-02 03:04:05", text],
    [timestamp(false), "soon", text],
  ])("%o with %s", (kind, value, wider) => {
    expect(widen(kind, value)).toEqual(wider);
  });

  test("a decimal comma is the mark when it was said to be", () => {
    const form = { decimal: "," } as const;
    expect(widen(int, "12,50", form)).toEqual(decimal(2));
    expect(widen(int, "12.50", form)).toEqual(text);
    expect(widen(int, "1,5e3", form)).toEqual(double);
  });

  test.each([
    ["1.234,5", decimal(1)],
    ["1.234.567.890.123.456.789", { kind: "text", isDigits: true }],
    ["1.234.567.890.123.456.789,5", double],
    ["1.23.4", text],
    ["0.123", text],
    ["1.234,5e3", text],
    ["+1.234", text],
  ])("with separators of thousands: %s", (value, wider) => {
    expect(widen(int, value, { decimal: ",", thousands: "." })).toEqual(wider);
  });

  test("a plus is for names, as telephone numbers are", () => {
    for (const value of ["+49", "+1.5", "+1e3", "+inf"]) expect(widen(int, value)).toEqual(text);
  });
});
