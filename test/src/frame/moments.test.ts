import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PartialMerger } from "../../../src/chunked/chunks/merge.ts";
import { arrowOf, frameFromColumns } from "../../../src/frame/frame.ts";
import { type Partial, partialOf } from "../../../src/frame/partial.ts";

/** Around 1970, today, and in years for which a double of milliseconds has no room for microseconds. */
const CENTRES = { ns: [0n, 1_700_000_000n * 10n ** 9n, 9_000_000_000n * 10n ** 9n] } as const;
const MICROS = [0n, 1_700_000_000n * 10n ** 6n, 253_402_300_799n * 10n ** 6n, -62_135_596_800n * 10n ** 6n];

/** Of a few moments close to each other, so that some are equal. */
function momentsOf(unit: "us" | "ns") {
  const centre = fc.constantFrom(...(unit === "ns" ? CENTRES.ns : MICROS));
  const moment = fc.tuple(centre, fc.integer({ min: -3, max: 3 })).map(([base, step]) => base + BigInt(step));
  return fc.array(fc.option(moment, { nil: null }), { minLength: 1, maxLength: 30 });
}

function frameOf(unit: string, keys: readonly (bigint | null)[], values: readonly (bigint | null)[]) {
  const column = (name: string, list: readonly (bigint | null)[]) => {
    const validity = new Uint8Array((list.length + 7) >> 3);
    for (const [i, one] of list.entries()) if (one !== null) (validity[i >> 3] as number) |= 1 << (i & 7);
    return { name, type: `datetime64[${unit}]`, values: BigInt64Array.from(list, (one) => one ?? 7n), validity };
  };
  return frameFromColumns([column("k", keys), column("v", values)]);
}

const compare = (a: bigint | null, b: bigint | null) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : a > b ? 1 : 0);

describe("moments in a group-by", () => {
  test.each(["us", "ns"] as const)(
    "of %s are told apart and compared to the last digit, in one chunk and merged",
    async (unit) => {
      await fc.assert(
        fc.asyncProperty(momentsOf(unit), fc.infiniteStream(fc.nat(1000)), fc.nat(30), async (keys, picks, cut) => {
          const order = picks[Symbol.iterator]();
          const values = keys.map(() => keys[order.next().value % keys.length] as bigint | null);
          const wanted = [...new Set(keys)].sort(compare).map((key) => {
            const own = values.filter((value, i) => keys[i] === key && value !== null).sort(compare);
            return [key, own[0] ?? null, own.at(-1) ?? null, new Set(own).size];
          });
          const groups = (from: number, to: number) =>
            frameOf(unit, keys.slice(from, to), values.slice(from, to))
              .groupby(["k"])
              .agg({ v: ["min", "max", "nunique"] });
          const whole = groups(0, keys.length);
          const parts = [groups(0, Math.min(cut, keys.length)), groups(Math.min(cut, keys.length), keys.length)];
          const merger = new PartialMerger(partialOf(whole) as Partial);
          for (const part of parts) merger.add(partialOf(part) as Partial);
          const resumed = new PartialMerger(merger.save());
          resumed.add(structuredClone(merger.save()));
          for (const frame of [whole, await resumed.finish()]) {
            const table = arrowOf(frame);
            expect(table.schema.fields.slice(0, 3).map(({ type }) => type.toString())).toEqual(
              Array(3).fill(unit === "ns" ? "Timestamp<NANOSECOND>" : "Timestamp<MICROSECOND>"),
            );
            const raw = (name: string) => {
              const data = table.getChild(name)?.data[0];
              return Array.from({ length: table.numRows }, (_, i) => (data?.getValid(i) ? data.values[i] : null));
            };
            expect(
              table
                .toArray()
                .map((_, i) => [raw("k")[i], raw("v_min")[i], raw("v_max")[i], Number(raw("v_nunique")[i])]),
            ).toEqual(wanted);
          }
        }),
        { seed: 20261126, numRuns: 100 },
      );
    },
  );

  test("of seconds, milliseconds and days keep their type, and meet microseconds of another file", async () => {
    const chunk = (type: string, values: BigInt64Array | Int32Array | Float64Array) =>
      frameFromColumns([
        { name: "k", type, values },
        { name: "v", type, values },
      ])
        .groupby(["k"])
        .agg({ v: "max" });
    const day = 20_000;
    for (const [type, values] of [
      ["datetime64[s]", BigInt64Array.of(BigInt(day) * 86_400n)],
      ["datetime64[ms]", Float64Array.of(day * 86_400_000)],
      ["date", Int32Array.of(day)],
    ] as const) {
      const merger = new PartialMerger(partialOf(chunk(type, values)) as Partial);
      merger.add(partialOf(chunk(type, values)) as Partial);
      const alone = await merger.finish();
      expect(alone.values).toEqual([[new Date(day * 86_400_000), new Date(day * 86_400_000)]]);
      merger.add(partialOf(chunk("datetime64[us]", BigInt64Array.of(BigInt(day) * 86_400_000_000n, 1n))) as Partial);
      expect((await merger.finish()).shape).toEqual([2, 2]);
    }
  });
});

test("a column without any value is of numbers, also beside chunks that have some", async () => {
  const chunk = (type: string, values: readonly (string | number | null)[]) =>
    frameFromColumns([
      { name: "k", type: "int32", values: Int32Array.from(values, () => 1) },
      { name: "v", type, values },
    ])
      .groupby(["k"])
      .agg({ v: ["sum", "mean", "count", "max"] });
  expect(chunk("object", [null, null]).values).toEqual([[1, null, null, 0, null]]);
  expect(chunk("str", []).shape).toEqual([0, 5]);
  for (const parts of [
    [chunk("object", [null]), chunk("int64", [3, 4])],
    [chunk("int64", [3, 4]), chunk("str", [null])],
  ]) {
    const merger = new PartialMerger(partialOf(parts[0]) as Partial);
    for (const part of parts) merger.add(partialOf(part) as Partial);
    const result = await merger.finish();
    expect(result.values).toEqual([[1, 7, 3.5, 2, 4]]);
    expect(arrowOf(result).schema.fields[1]?.type.toString()).toBe("Int64");
  }
  expect(() => chunk("str", [null, "a"])).toThrow(expect.objectContaining({ code: "E_NOT_NUMERIC" }));
});
