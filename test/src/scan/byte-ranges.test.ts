import fc from "fast-check";
import { expect, test } from "vitest";
import { compileKernel, Kernel } from "../../../src/scan/kernel.ts";
import { RowFault } from "../../../src/scan/rows/row-fault.ts";
import type { Dialect } from "../../../src/scan/table.ts";
import { COMMAS, type RawRows, readFields } from "./read-fields.ts";

const kernel = new Kernel(await compileKernel("checked"));

/** Reads a text in pieces that begin at `cuts`, each with no knowledge of the others; undefined where the chain is broken. */
function readPieces(
  bytes: Uint8Array,
  dialect: Dialect,
  columns: number,
  cuts: readonly number[],
): string[][] | undefined {
  const pieces: RawRows[] = [];
  const edges = [0, ...cuts, bytes.length];
  for (let i = 0; i + 1 < edges.length; i++) {
    const [start, stop] = [edges[i]!, edges[i + 1]!];
    const range = i === 0 ? { start, stop } : { start: start - 1, stop, isGuess: true };
    try {
      pieces.push(readFields(kernel, bytes, dialect, columns, { ...range, blockBytes: 256, bufferBytes: 1024 }));
    } catch (error) {
      if (error instanceof RowFault) return undefined;
      throw error;
    }
  }
  const isChain = pieces.every((piece, i) =>
    i === 0 ? piece.startedAt === 0 : piece.startedAt === pieces[i - 1]!.endedAt,
  );
  return isChain && pieces.at(-1)!.endedAt === bytes.length ? pieces.flatMap(({ fields }) => fields) : undefined;
}

function sales(rows: number, newline = "\n"): string {
  return Array.from({ length: rows }, (_, i) => {
    const note = i % 7 === 0 ? `"gift, ${i % 3 ? "wrapped" : `""big""${newline}one`}"` : i % 5 === 0 ? "" : "ok";
    return `${i},cat_${i % 20},${i / 100},${note}`;
  }).join(newline);
}

test.each([
  ["lf", "\n"],
  ["crlf", "\r\n"],
  ["mixed", "\r\n"],
  ["mixed", "\r"],
  ["cr", "\r"],
] as const)("reads %s text cut anywhere as it reads the whole", (newline, end) => {
  const bytes = Buffer.from(sales(150, end));
  const dialect = { ...COMMAS, newline };
  const whole = readFields(kernel, bytes, dialect, 4).fields;
  expect(whole.length).toBe(150);
  for (let cut = 1; cut < bytes.length - 400; cut += 11) expect(readPieces(bytes, dialect, 4, [cut])).toEqual(whole);
});

test("sees that a field full of well-formed rows has deceived it", () => {
  const trap = `"${sales(2000).replaceAll('"', "'")}"`;
  const bytes = Buffer.from(`1,a,${trap},b\n${sales(50)}`);
  const whole = readFields(kernel, bytes, COMMAS, 4).fields;
  expect(whole.length).toBe(51);
  expect(readPieces(bytes, COMMAS, 4, [2000])).toBeUndefined();
});

test("says that nothing begins in a piece of a long field", () => {
  const bytes = Buffer.from(`1,"${"a".repeat(300_000)}"\n${"2,b\n".repeat(100)}`);
  const piece = readFields(kernel, bytes, COMMAS, 2, { start: 99_999, stop: 200_000, isGuess: true });
  expect(piece).toMatchObject({ startedAt: -1, endedAt: -1, rows: 0 });
});

test("has a start after the last row where the text ends before another", () => {
  const bytes = Buffer.from(`1,2\n3,${"x".repeat(100)}`);
  const range = { start: 50, stop: bytes.length, isGuess: true };
  expect(readFields(kernel, bytes, COMMAS, 2, range)).toMatchObject({
    startedAt: bytes.length,
    endedAt: bytes.length,
    rows: 0,
  });
});

test("counts rows from the number that it is given", () => {
  const numbers: number[] = [];
  const bytes = Buffer.from("1,2\n3,4,5\n");
  expect(() => readFields(kernel, bytes, COMMAS, 2, { firstRow: 2 ** 32, numbers })).toThrow(
    /4294967297: has 3 fields instead of 2/,
  );
  expect(numbers).toEqual([2 ** 32]);
});

/** The safety of reading in pieces: whatever the guesses are, a whole chain means the right rows. */
test("never has a whole chain with wrong rows", () => {
  let whole = 0;
  const piece = fc.constantFrom(
    ",",
    ",",
    "\n",
    "\n",
    '"',
    '""',
    '","',
    "\r\n",
    "\r",
    "a",
    "bc",
    "",
    "\n1,2\n3,4\n",
    ',"x\n",',
  );
  const texts = fc.array(piece, { maxLength: 80 }).map((pieces) => Buffer.from(pieces.join("")));
  const newlines = fc.constantFrom("lf" as const, "mixed" as const, "cr" as const);
  const raggeds = fc.constantFrom("fill" as const, "skip" as const);
  fc.assert(
    fc.property(texts, newlines, raggeds, fc.array(fc.nat(), { maxLength: 4 }), (bytes, newline, ragged, numbers) => {
      const dialect = { ...COMMAS, newline, ragged };
      const cuts = [...new Set(numbers.map((number) => 1 + (number % Math.max(1, bytes.length - 1))))].sort(
        (a, b) => a - b,
      );
      const pieces = bytes.length > 2 ? readPieces(bytes, dialect, 2, cuts) : undefined;
      if (!pieces) return;
      whole++;
      expect(pieces).toEqual(readFields(kernel, bytes, dialect, 2).fields);
    }),
    { numRuns: Number(process.env.RUNS ?? 1000), seed: Number(process.env.SEED ?? 1) },
  );
  expect(whole).toBeGreaterThan(50);
});
