import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Kernel } from "../../../src/scan/kernel.ts";
import { newKernel, readColumn, setNullWords } from "./field-table.ts";

let kernel: Kernel;

beforeAll(async () => {
  kernel = await newKernel();
});

beforeEach(() => {
  kernel.calls.setNulls(0, 0);
  kernel.calls.setDateFormat(0, 0);
});

afterAll(() => {
  expect(kernel.calls.brokenGuard()).toBe(0);
});

function days(texts: readonly string[]): (number | null)[] {
  return readColumn(kernel, texts, Int32Array, ({ starts, skip, ends, stride, rows }, out, valid) =>
    kernel.calls.parseDates(starts, skip, ends, stride, rows, out, valid),
  );
}

function moments(texts: readonly string[], takesZones = true): (bigint | null)[] {
  return readColumn(kernel, texts, BigInt64Array, ({ starts, skip, ends, stride, rows }, out, valid) =>
    kernel.calls.parseTimestamps(starts, skip, ends, stride, rows, takesZones ? 1 : 0, out, valid),
  );
}

function setFormat(format: string): void {
  const place = kernel.calls.alloc(format.length + 1);
  kernel.bytes.set(Buffer.from(format), place);
  kernel.calls.setDateFormat(place, format.length);
}

function fault() {
  const { misfits, firstMisfit, misfitReason } = kernel.calls;
  return { misfits: misfits.value, row: firstMisfit.value, reason: misfitReason.value };
}

function micros(iso: string, more = 0n): bigint {
  return BigInt(new Date(iso).getTime()) * 1000n + more;
}

const pad = (number: number, digits = 2) => String(number).padStart(digits, "0");
const FIRST = Date.UTC(2000, 0, 1) - 63_082_281_600_000;

describe("parseDates", () => {
  it("reads every day of leap and common years, and refuses the days that are none", () => {
    for (const y of [1, 4, 100, 400, 1582, 1600, 1900, 1969, 1970, 1972, 2000, 2023, 2024, 2100, 9999]) {
      const all = Array.from({ length: 14 * 33 }, (_, i) => [Math.floor(i / 33), i % 33] as const);
      const texts = all.map(([m, d]) => `${pad(y, 4)}-${pad(m)}-${pad(d)}`);
      const wanted = texts.map((text, i) => {
        const date = new Date(`${text}T00:00:00Z`);
        const isDay = !Number.isNaN(date.getTime()) && date.getUTCDate() === all[i]?.[1];
        return isDay ? date.getTime() / 86_400_000 : null;
      });
      expect(days(texts)).toEqual(wanted);
      expect(fault()).toMatchObject({ row: 0, reason: 2 });
    }
  });

  it("reads days of the years 1 to 9999 in all forms", () => {
    const date = fc.date({ min: new Date(FIRST), max: new Date("9999-12-31T00:00:00Z"), noInvalidDate: true });
    fc.assert(
      fc.property(fc.array(date, { maxLength: 60 }), (dates) => {
        const wanted = dates.map((day) => Math.floor(day.getTime() / 86_400_000));
        const iso = dates.map((day) => day.toISOString().slice(0, 10));
        expect(days(iso)).toEqual(wanted);
        expect(days(iso.map((text) => text.replaceAll("-", "/").replace(/\/0/g, "/")))).toEqual(wanted);
        expect(days(iso.map((text) => `" ${text}"`))).toEqual(wanted);
      }),
      { seed: 1 },
    );
  });

  it("refuses what is no day", () => {
    const wrong = [
      "20240209",
      "24-01-01",
      "02-09-2024",
      "2024-01/01",
      "2024-01",
      "2024-01-",
      "2024-1-1x",
      "2024-01-01 10:00:00",
      "2024-01-011",
      "x024-01-01",
      "2024x01-01",
      "2024-01x01",
      "2024-0x-01",
      "2024-01-0x",
      "2024-01-x1",
      "  ",
      "infinity",
      "-024-01-01",
      "2024-01-01Z",
    ];
    for (const text of wrong) {
      expect([text, ...days([text])]).toEqual([text, null]);
      expect(fault()).toEqual({ misfits: 1, row: 0, reason: 1 });
    }
    expect(days(["0000-01-01", "2024-01-32"])).toEqual([null, null]);
    expect(fault()).toEqual({ misfits: 2, row: 0, reason: 2 });
  });

  it("takes null words for missing", () => {
    setNullWords(kernel, ["1900-01-01", "-"]);
    expect(days(["1900-01-01", "", "-", '"-"', "1970-01-02"])).toEqual([null, null, null, null, 1]);
  });
});

describe("parseTimestamps", () => {
  it("reads moments of the years 1 to 9999 with decimals and zones", () => {
    const date = fc.date({
      min: new Date(FIRST + 86_400_000),
      max: new Date("9999-12-30T00:00:00Z"),
      noInvalidDate: true,
    });
    const zone = fc.tuple(fc.constantFrom("+", "-"), fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }));
    const row = fc.tuple(date, fc.integer({ min: 0, max: 999 }), zone, fc.constantFrom("T", " "));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
        const iso = rows.map(([day]) => day.toISOString());
        const seconds = iso.map((text) => micros(`${text.slice(0, 19)}Z`));
        expect(moments(iso.map((text, i) => text.slice(0, 19).replace("T", rows[i]?.[3] ?? "T")))).toEqual(seconds);
        expect(kernel.calls.plainRows.value).toBe(rows.length);
        expect(moments(iso)).toEqual(iso.map((text) => micros(text)));
        expect(kernel.calls.zonedRows.value).toBe(rows.length);
        const fine = rows.map(([, more], i) => `${iso[i]?.slice(0, 23)}${pad(more, 3)}`);
        expect(moments(fine)).toEqual(rows.map(([, more], i) => micros(iso[i] as string, BigInt(more))));
        const zoned = rows.map(([, more, [sign, h, m]], i) => `${fine[i]}${pad(more, 3)}${sign}${pad(h)}:${pad(m)}`);
        const shift = rows.map(([, , [sign, h, m]]) => BigInt((sign === "+" ? -1 : 1) * (h * 60 + m)) * 60_000_000n);
        const wanted = rows.map(([, more], i) => micros(iso[i] as string, BigInt(more) + (shift[i] as bigint)));
        expect(moments(zoned)).toEqual(wanted);
        expect(moments(zoned.map((text) => text.replace(/:(\d\d)$/, "$1")))).toEqual(wanted);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it("reads each day's moments around the years that are looked up, and refuses what differs in one byte", () => {
    for (const y of [1, 1899, 1900, 1904, 2000, 2024, 2100, 2155, 2156, 9999])
      for (let m = 0; m < 14; m++) {
        const texts = Array.from({ length: 33 }, (_, d) => `${pad(y, 4)}-${pad(m)}-${pad(d)}T23:59:${pad(d)}`);
        const wanted = texts.map((text, d) => {
          const date = new Date(`${text}Z`);
          const isDay = !Number.isNaN(date.getTime()) && date.getUTCDate() === d;
          return isDay ? BigInt(date.getTime()) * 1000n : null;
        });
        expect(moments(texts)).toEqual(wanted);
      }
    const base = "2024-12-31T23:59:59";
    expect(moments([base])).toEqual([micros(`${base}Z`)]);
    for (let i = 0; i < base.length; i++)
      for (const letter of ["/", ":", "x", "\0", "\x7f"]) {
        if (base[i] === letter) continue;
        const text = `${base.slice(0, i)}${letter}${base.slice(i + 1)}`;
        expect([text, ...moments([text])]).toEqual([text, null]);
      }
    for (const time of ["24:00:01", "23:60:00", "23:00:60", "99:99:99"])
      expect(moments([`2024-01-01T${time}`])).toEqual([null]);
  });

  it("reads the forms that DuckDB reads", () => {
    const base = micros("2024-02-29T12:34:00Z");
    const forms: Record<string, bigint> = {
      "2024-02-29": micros("2024-02-29T00:00:00Z"),
      "2024-02-29 12:34": base,
      "2024-02-29  12:34:56": base + 56_000_000n,
      "2024/2/29 2:4:6": micros("2024-02-29T02:04:06Z"),
      "2024-02-29 12:34:56.": base + 56_000_000n,
      "2024-02-29 12:34:56.1": base + 56_100_000n,
      "2024-02-29 12:34:56.1234569": base + 56_123_456n,
      "2024-02-29 12:34:56.12345678912": base + 56_123_456n,
      "2024-02-29 12:34:56 UTC": base + 56_000_000n,
      "2024-02-29 12:34Z": base,
      "2024-02-29T12:34:56+02:30:15": base + 56_000_000n - 9_015_000_000n,
      "2024-02-29 24:00:00": micros("2024-03-01T00:00:00Z"),
      "2024-02-29 24:00:00.000": micros("2024-03-01T00:00:00Z"),
      '" 2024-02-29T12:34:56 "': base + 56_000_000n,
    };
    for (const [text, wanted] of Object.entries(forms))
      expect([text, ...moments([text, text])]).toEqual([text, wanted, wanted]);
  });

  it("refuses everything else", () => {
    const wrong = [
      "2024-02-29t12:34:56",
      "2024-02-29 12",
      "2024-02-29 24:00:01",
      "2024-02-29 24:00:00.5",
      "2024-02-29T24:00:00.000001Z",
      "2024-02-29 25:00:00",
      "2024-02-29 12:60:00",
      "2024-02-29 23:59:60",
      "2024-02-29 12:34:56z",
      "2024-02-29 12:34:56 Z",
      "2024-02-29 12:34:56+2",
      "2024-02-29 12:34:56+02:",
      "2024-02-29 12:34:56+24:00",
      "2024-02-29 12:34:56,5",
      "2024-02-29 12:34.5",
      "2024-02-29 12:34:56 PM",
      "1700000000",
      "2024-02-29T",
      "2024-02-29 12:3x:56",
      "2024-02-29 12x34:56",
      "2024-02-29 12:34x56",
      "2024-02-29x12:34:56",
      "2024-02-29 12:34:56.5x",
      "infinity",
    ];
    // Behind a row of the same day, which is read faster.
    const good = "2024-02-29 00:00:00";
    for (const text of [
      ...wrong,
      "2024-02-29 12:34:60",
      "2024-02-29 1a:34:56",
      "2024-02-29 12:34:56.12345678x",
      "2024-02-29 12:34:56.x23Z",
    ]) {
      expect([text, ...moments([text])]).toEqual([text, null]);
      expect(fault()).toEqual({ misfits: 1, row: 0, reason: 1 });
      expect([text, ...moments([good, text])]).toEqual([text, micros("2024-02-29T00:00:00Z"), null]);
      expect(fault()).toEqual({ misfits: 1, row: 1, reason: 1 });
    }
    expect(moments(["2023-02-29 12:34:56", "2023-02-29T12:34:56Z"])).toEqual([null, null]);
    expect(fault()).toEqual({ misfits: 2, row: 0, reason: 2 });
  });

  it("keeps times with a zone out of a column without one", () => {
    expect(moments(["2024-02-29 12:34:56", "2024-02-29 12:34:56Z", "2024-02-29 12:34+01"], false)).toEqual([
      micros("2024-02-29T12:34:56Z"),
      null,
      null,
    ]);
    expect(fault()).toEqual({ misfits: 2, row: 1, reason: 5 });
    expect([kernel.calls.zonedRows.value, kernel.calls.plainRows.value]).toEqual([0, 1]);
  });
});

describe("declared formats", () => {
  it("read days and moments", () => {
    const cases: [string, string, string][] = [
      ["%d/%m/%Y", "29/02/2024", "2024-02-29T00:00:00Z"],
      ["%d/%m/%Y", "1/2/2024", "2024-02-01T00:00:00Z"],
      ["%-m-%-d-%y", "2-29-24", "2024-02-29T00:00:00Z"],
      ["%y%m%d", "990131", "1999-01-31T00:00:00Z"],
      ["%d %b %Y", "05 MAR 1999", "1999-03-05T00:00:00Z"],
      ["%A, %B %d, %Y", "Thursday, February 29, 2024", "2024-02-29T00:00:00Z"],
      ["%a %d.%m.%Y", "Thu 29.02.2024", "2024-02-29T00:00:00Z"],
      ["%Y-%j", "2024-060", "2024-02-29T00:00:00Z"],
      ["%d.%m.%Y %H:%M", "29.02.2024 23:05", "2024-02-29T23:05:00Z"],
      ["%m/%d/%Y %I:%M:%S %p", "02/29/2024 12:01:02 AM", "2024-02-29T00:01:02Z"],
      ["%m/%d/%Y %I:%M:%S %p", "02/29/2024 1:01:02 pm", "2024-02-29T13:01:02Z"],
      ["%Y%m%dT%H%M%S.%f", "20240229T010203.25", "2024-02-29T01:02:03.250Z"],
      ["%Y-%m-%d %H:%M:%S %z", "2024-02-29 01:02:03 +0130", "2024-02-28T23:32:03Z"],
      ["100%% %Y", "100% 2024", "2024-01-01T00:00:00Z"],
    ];
    for (const [format, text, iso] of cases) {
      setFormat(format);
      expect([text, ...moments([text])]).toEqual([text, micros(iso)]);
      expect(days([text])).toEqual([
        Math.floor(new Date(iso.replace(/T.*/, "T00:00:00Z")).getTime() / 86_400_000) + (format.includes("%z") ? 1 : 0),
      ]);
    }
  });

  it("refuse what does not fit", () => {
    const cases: [string, string][] = [
      ["%d/%m/%Y", "31/02/2024"],
      ["%d/%m/%Y", "2024-02-01"],
      ["%d/%m/%Y", "01/02/2024x"],
      ["%d/%m/%Y", "01/02/"],
      ["%d %b %Y", "05 Mär 1999"],
      ["%H:%M", "24:00"],
      ["%I:%M %p", "13:00 PM"],
      ["%I:%M %p", "00:00 AM"],
      ["%I:%M %p", "10:00 XM"],
      ["%Y", "0024"],
      ["%d.%m.%Y", "31.12.0024"],
      ["%Y-%j", "2023-366"],
      ["%Y-%j", "2023-000"],
      ["%Y %q", "2023 1"],
    ];
    for (const [format, text] of cases) {
      setFormat(format);
      expect([text, ...moments([text])]).toEqual([text, null]);
      expect(days([text])).toEqual([null]);
    }
  });

  it("reads what Date writes, for any day", () => {
    setFormat("%d.%m.%Y %H:%M:%S");
    const row = fc.tuple(
      fc.integer({ min: 1000, max: 9999 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 31 }),
      fc.integer({ min: 0, max: 23 }),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
        const read = moments(rows.map(([y, m, d, h]) => `${d}.${m}.${pad(y, 4)} ${h}:5:6`));
        const wanted = rows.map(([y, m, d, h]) => {
          const date = new Date(`${pad(y, 4)}-${pad(m)}-${pad(d)}T${pad(h)}:05:06Z`);
          return date.getUTCDate() === d ? BigInt(date.getTime()) * 1000n : null;
        });
        expect(read).toEqual(wanted);
      }),
      { seed: 1 },
    );
  });
});
