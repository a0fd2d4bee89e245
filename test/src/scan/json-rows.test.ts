import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { compileKernel, Kernel } from "../../../src/scan/kernel.ts";
import { type BlockOptions, BlockReader, type ByteRange } from "../../../src/scan/rows/blocks.ts";
import { COMMAS, sourceOf, textsOf } from "./read-fields.ts";

const kernel = new Kernel(await compileKernel("checked"));
const scalar = new Kernel(await compileKernel("scalar"));

afterAll(() => {
  expect(kernel.calls.brokenGuard()).toBe(0);
});

const KINDS = ["null", "string", "number", "bool", "nested"];

function readLines(
  each: Kernel,
  text: string | Uint8Array,
  names: readonly string[],
  options: BlockOptions & ByteRange & { readonly sip?: number } = {},
) {
  const keys = names.map((name) => ({ name }));
  const reader = new BlockReader(each, COMMAS, keys.length, { ...options, keys });
  const rows: string[][] = [];
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  try {
    const source = sourceOf(bytes.subarray(options.start ?? 0), options.sip);
    const result = reader.read(
      source,
      (table) => {
        const texts = textsOf(each, table, keys.length);
        const kinds = each.bytes.slice(table.kinds, table.kinds + table.rows * keys.length);
        texts.forEach((row, r) => {
          rows.push(
            row.map((value, c) => `${KINDS[kinds[r * keys.length + c]!]} ${Buffer.from(value, "latin1")}`.trim()),
          );
        });
      },
      options,
    );
    return { ...result, values: rows };
  } finally {
    reader.free();
  }
}

test("finds values by key, in any order, absent or null", () => {
  const text = '{"a":1,"b":"x"}\n{"b" : "y" , "a":-2.5e3}\r\n\n  {"c":true,"a":null}\n{}\n{"a":false,"b":"",  "a":3}';
  const { values, unknownKeys, nestedValues } = readLines(kernel, text, ["a", "b"]);
  expect(values).toEqual([
    ["number 1", "string x"],
    ["number -2.5e3", "string y"],
    ["null", "null"],
    ["null", "null"],
    ["number 3", "string"],
  ]);
  expect([unknownKeys, nestedValues]).toEqual([1, 0]);
});

test("undoes escapes in keys and values", () => {
  const text = String.raw`{"k\u0065y":"\"\\\/\b\f\n\r\t\u00e9\u6f22\ud83d\ude00|\u0000"}`;
  expect(readLines(kernel, text, ["key"]).values).toEqual([['string "\\/\b\f\n\r\té漢😀|\u0000']]);
});

test("counts objects and arrays, and passes them over with what is in them", () => {
  const text = '{"a":{"b":[1,"}"],"a":2},"b":[[],"]\\""],"c":{"a":9}}\n';
  const { values, unknownKeys, nestedValues } = readLines(kernel, text, ["a", "b"]);
  expect(values).toEqual([['nested {"b":[1,"}"],"a":2}', 'nested [[],"]\\""]']]);
  expect([unknownKeys, nestedValues]).toEqual([1, 2]);
});

test.each([
  "1",
  "[1]",
  '{"a":1} x',
  '{"a":1,}',
  '{"a" 1}',
  '{"a":}',
  '{"a":tru}',
  '{"a":nulls}',
  '{"a":"x',
  '{"a":"\\x"}',
  '{"a":"\\u12g4"}',
  '{"a":"\\ud83d"}',
  '{"a":"\\ude00\\ud83d"}',
  '{"a":01}',
  '{"a":-01}',
  '{"a":1.}',
  '{"a":-.5}',
  '{"a":-}',
  '{"a":+1}',
  '{"a":NaN}',
  '{"a":[1,2}',
  '{"a":"x\ty"}',
  "{",
])("refuses the line %s and says which it is", (line) => {
  expect(() => readLines(kernel, `{"a":1}\n\n${line}\n{"a":1}\n`, ["a"])).toThrow(/row 1: is no JSON object: /);
});

test("says which line is not UTF-8", () => {
  const text = Buffer.concat([Buffer.from('{"a":"é"}\n{"a":"'), Buffer.of(0xe9), Buffer.from('"}\n')]);
  expect(() => readLines(kernel, text, ["a"])).toThrow("row 1: is not UTF-8: byte 0xe9");
});

test("knows thousands of keys, some of which begin alike", () => {
  const keys = Array.from({ length: 3000 }, (_, i) => `key_number_${i}`);
  const object = Object.fromEntries(keys.map((key, i) => [key, i]).reverse());
  const { values, unknownKeys } = readLines(kernel, `${JSON.stringify(object)}\n`, keys);
  expect(values).toEqual([keys.map((_, i) => `number ${i}`)]);
  expect(unknownKeys).toBe(0);
});

test("reads what JSON.parse reads, whatever the blocks and pieces", () => {
  const keys = ["a", "ab", "b\n", "é", ""];
  const value = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  const object = fc.dictionary(fc.constantFrom(...keys, "other"), value);
  const space = fc.constantFrom(0, 1, 2);
  const line = fc
    .tuple(object, space)
    .map(([one, spaces]) => JSON.stringify(one, undefined, spaces).replaceAll("\n", " "));
  const sizes = fc.record({
    blockBytes: fc.integer({ min: 64, max: 400 }),
    sip: fc.constantFrom(1, 50, 10_000),
    cut: fc.nat(),
  });
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 20 }),
      sizes,
      fc.constantFrom("\n", "\r\n"),
      (lines, { blockBytes, sip, cut }, end) => {
        const bytes = Buffer.from(lines.join(end));
        const expected = lines.map((one) => keys.map((key) => shown(JSON.parse(one)[key])));
        const options = { blockBytes, bufferBytes: 2 * blockBytes, sip };
        for (const each of [kernel, scalar]) expect(readLines(each, bytes, keys, options).values).toEqual(expected);
        const stop = 1 + (cut % Math.max(1, bytes.length));
        const first = readLines(kernel, bytes, keys, { ...options, stop });
        const second = readLines(kernel, bytes, keys, { ...options, start: stop - 1, isGuess: true });
        expect(second.startedAt).toBe(first.endedAt);
        expect([...first.values, ...second.values]).toEqual(expected);
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 40), seed: Number(process.env.SEED ?? 1) },
  );
});

function shown(value: unknown): string {
  if (value === undefined || value === null) return "null";
  return `${typeof value === "boolean" ? "bool" : typeof value} ${typeof value === "string" ? Buffer.from(value).toString() : JSON.stringify(value)}`.trim();
}
