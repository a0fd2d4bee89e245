import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { compileKernel, Kernel } from "../../../src/scan/kernel.ts";
import { RowFault } from "../../../src/scan/rows/row-fault.ts";
import type { Dialect } from "../../../src/scan/table.ts";
import { type RawText, rawRows } from "./raw-rows.ts";
import { COMMAS, type ReadFieldsOptions, readFields } from "./read-fields.ts";

const kernel = new Kernel(await compileKernel("checked"));
const scalar = new Kernel(await compileKernel("scalar"));

afterAll(() => {
  expect(kernel.calls.brokenGuard()).toBe(0);
});

const dialects: fc.Arbitrary<Dialect> = fc
  .record({
    separator: fc.constantFrom(",", ";", "\t"),
    quote: fc.constantFrom('"', '"', "'", undefined),
    escape: fc.constantFrom('"', '"', "\\"),
    newline: fc.constantFrom("lf", "lf", "crlf", "cr", "mixed"),
    header: fc.constant(false),
    skip: fc.constant(0 as const),
    encoding: fc.constant("utf-8"),
    decimal: fc.constant("."),
    nulls: fc.constant([]),
    ragged: fc.constantFrom("error", "fill", "skip"),
  })
  .map((dialect) => ({ ...dialect, escape: dialect.escape === "\\" ? "\\" : dialect.quote })) as fc.Arbitrary<Dialect>;

/** Any mixture of what matters, and long stretches of letters. */
function soup({ separator, quote }: Dialect): fc.Arbitrary<string> {
  const piece = fc.constantFrom(
    separator,
    separator,
    separator,
    "\n",
    "\n",
    "\r\n",
    "\r",
    quote ?? '"',
    '""',
    "''",
    "\\",
    "a",
    "bc",
    " ",
    "",
    "\0",
    "é",
    "漢字",
    "x".repeat(61),
  );
  return fc.array(piece, { maxLength: 120 }).map((pieces) => pieces.join(""));
}

/** Rows as a writer would write them, with few faults. */
function written({ separator, quote = "", newline }: Dialect, columns: number): fc.Arbitrary<string> {
  const end = { lf: "\n", crlf: "\r\n", cr: "\r", mixed: "\n" }[newline];
  const inQuotes = fc
    .array(fc.constantFrom("a", separator, "\n", "\r\n", "\r", quote + quote, "é", "y".repeat(30)), { maxLength: 8 })
    .map((letters) => quote + letters.join("") + quote);
  const plain = fc.constantFrom("", "1", "23", "abc", "é", "z".repeat(63), "z".repeat(64));
  const field = quote === "" ? plain : fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: inQuotes });
  const row = fc.array(field, { minLength: columns, maxLength: columns }).map((fields) => fields.join(separator));
  const odd = fc.constantFrom(
    "",
    "\r",
    `a${quote}b`,
    `${quote}a${quote}b`,
    separator,
    `${separator}${separator}${separator}`,
  );
  const line = fc.oneof({ weight: 12, arbitrary: row }, { weight: 1, arbitrary: odd });
  const lines = fc.array(fc.tuple(line, fc.constantFrom(end, end, end, end, "\n", "\r\n")), { maxLength: 30 });
  return fc.tuple(lines, fc.boolean(), fc.boolean()).map(([pairs, isMixed, isCut]) => {
    const text = pairs.map(([body, other]) => body + (isMixed ? other : end)).join("");
    return isCut ? text.slice(0, -1) : text;
  });
}

const cases = fc.tuple(dialects, fc.integer({ min: 1, max: 4 })).chain(([dialect, columns]) =>
  fc.record({
    dialect: fc.constant(dialect),
    columns: fc.constant(columns),
    text: fc.oneof(soup(dialect), written(dialect, columns)),
    blockBytes: fc.oneof(fc.constantFrom(64, 65, 100, 128, 4096), fc.integer({ min: 64, max: 300 })),
    sip: fc.constantFrom(1, 7, 64, 1000, 100_000),
  }),
);

test("reads the rows that the format's rules say, whatever the blocks", () => {
  fc.assert(
    fc.property(cases, ({ dialect, columns, text, blockBytes, sip }) => {
      const expected = rawRows(Buffer.from(text).toString("latin1"), dialect, columns);
      for (const each of [kernel, scalar])
        expect(outcome(each, text, dialect, columns, { blockBytes, bufferBytes: 2 * blockBytes, sip })).toEqual(
          expected,
        );
    }),
    { numRuns: Number(process.env.RUNS ?? 600), seed: Number(process.env.SEED ?? 1) },
  );
});

/** Letters before it that bring a field near the edge of a word, or of a pair of words. */
const EDGES = [0, ...Array.from({ length: 10 }, (_, i) => 55 + i), ...Array.from({ length: 10 }, (_, i) => 119 + i)];

/** What matters may lie on the edge of a word, of a pair of words or of a block: so it is put at every place. */
test.each(["lf", "cr", "mixed"] as const)(
  "reads the rows of %s text that the rules say, wherever they lie in a word",
  (newline) => {
    const oddities = [
      '"q"z',
      '"q"',
      'a"b',
      'a"',
      'a",b"',
      '"q""q"',
      '""',
      '""""',
      '"q"\r',
      '"q"\rz',
      '"q"\r\n',
      '"q"\n',
      "\r",
      "\r\n",
      '"\r\n"',
      '"q";',
      "é",
    ];
    for (const quote of ['"', undefined])
      for (const escaped of ['"', "\\"]) {
        const dialect: Dialect = { ...COMMAS, newline, quote, escape: quote && escaped, ragged: "skip" };
        for (const oddity of oddities) {
          const last = newline === "lf" ? "\n" : "\r";
          const texts = EDGES.flatMap((pad) =>
            [`${oddity},2`, `2,${oddity}`].map(
              (odd) => [`${"p".repeat(pad)},1`, odd, `3,"4\n"`, "5,6"].join("\n") + last,
            ),
          );
          expect(texts.map((text) => outcome(kernel, text, dialect, 2, {}))).toEqual(
            texts.map((text) => rawRows(Buffer.from(text).toString("latin1"), dialect, 2)),
          );
        }
      }
  },
);

function outcome(each: Kernel, text: string, dialect: Dialect, columns: number, options: ReadFieldsOptions): RawText {
  const fields: string[][] = [];
  const numbers: number[] = [];
  try {
    const { ragged, skipped } = readFields(each, Buffer.from(text), dialect, columns, {
      ...options,
      into: fields,
      numbers,
    });
    return { fields, numbers, ragged, skipped, fault: undefined };
  } catch (error) {
    if (!(error instanceof RowFault)) throw error;
    const { code, row } = error.details;
    return { fields, numbers, ragged: 0, skipped: row - fields.length, fault: { code, row } };
  }
}
