import type { Kernel } from "../../../src/scan/kernel.ts";
import { BlockReader, type ByteRange, type ReadResult } from "../../../src/scan/rows/blocks.ts";
import type { FieldTable } from "../../../src/scan/rows/field-table.ts";
import { RowFault } from "../../../src/scan/rows/row-fault.ts";
import type { Random } from "../chunked/datasets.ts";
import { bytesOf, type ScanCase } from "./generate.ts";
import { sourceOf, textsOf } from "./read-fields.ts";
import { cutText, ReferenceFault } from "./reference-rows.ts";

export interface Cut {
  readonly blockBytes: number;
  /** Offsets of the text where a reader is sent in; it must find a row for itself. */
  readonly starts: readonly number[];
  /** Bytes that the source gives at most at a time. */
  readonly sip: number;
}

/** Any way to cut a text into blocks and parts. */
export function makeCut(random: Random, length: number): Cut {
  const parts = random.pick([1, 1, 2, 3, 8]);
  const starts = Array.from({ length: parts - 1 }, () => 1 + random.below(Math.max(1, length - 1)));
  return {
    blockBytes: random.pick([64, 65, 100, 1000, 4096, 128 * 1024]),
    starts: [...new Set(starts)].sort((a, b) => a - b),
    sip: random.pick([1, 7, 100, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]),
  };
}

/** Where the rows that BlockReader finds are others than those of the reference; undefined when they are the same. */
export function differenceInRows(kernel: Kernel, one: ScanCase, cut: Cut): object | undefined {
  const { dialect, columns } = one;
  const body = bytesOf({ ...one, head: "" });
  const found = byReader(() => readParts(kernel, body, one, cut));
  const wanted = byReader(() => {
    // The line of names is done with before; without it a text may be empty.
    if (body.length === 0) return { rows: [], starts: [], ragged: 0, firstRagged: -1 };
    const { rows, starts, ragged } = cutText(body, { ...dialect, header: false, nulls: [] }, columns.length);
    return { rows, starts: bytesBefore(body, starts), ragged: ragged.length, firstRagged: (ragged[0]?.row ?? 0) - 1 };
  });
  if (found.fault !== wanted.fault) return { found: found.fault ?? "rows", expected: wanted.fault ?? "rows", cut };
  if (found.rows?.length !== wanted.rows?.length)
    return { found: found.rows?.length, expected: wanted.rows?.length, cut };
  for (const [i, row] of (wanted.rows ?? []).entries()) {
    for (const [c, text] of row.entries()) {
      const field = unquoted(found.rows?.[i]?.[c] ?? "", one);
      if (field !== (text ?? "")) return { row: i, column: c, found: field, expected: text, cut };
    }
  }
  for (const { from, stop, rows } of found.parts ?? []) {
    const expected = wanted.starts?.filter((start) => start >= from && start < stop).length;
    if (rows !== expected) return { part: [from, stop], found: rows, expected, cut };
  }
  const [a, b] = [found, wanted].map(({ ragged, firstRagged }) => `${ragged} ragged, the first ${firstRagged}`);
  return a === b ? undefined : { found: a, expected: b, cut };
}

interface Rows {
  readonly fault?: string;
  readonly rows?: readonly (readonly (string | undefined)[])[];
  readonly ragged?: number;
  readonly firstRagged?: number;
  /** Offsets of the rows. */
  readonly starts?: readonly number[];
  /** What each reader was given, and the rows that it found. */
  readonly parts?: readonly { readonly from: number; readonly stop: number; readonly rows: number }[];
}

/** Offsets of characters as those of their bytes. */
function bytesBefore(bytes: Uint8Array, characters: readonly number[]): number[] {
  const text = Buffer.from(bytes).toString();
  let [at, offset] = [0, 0];
  return characters.map((to) => {
    offset += Buffer.byteLength(text.slice(at, to));
    at = to;
    return offset;
  });
}

function byReader(read: () => Rows): Rows {
  try {
    return read();
  } catch (failure) {
    if (failure instanceof ReferenceFault) return { fault: `${failure.reason} in row ${failure.row - 1}` };
    if (!(failure instanceof RowFault)) throw failure;
    const reason = { E_RAGGED_ROW: "ragged", E_OPEN_QUOTE: "open quote" }[failure.details.code as string];
    return { fault: `${reason ?? failure.details.code} in row ${failure.details.row}` };
  }
}

/** All parts in order; a part that another one does not meet is read again from where that one ended, as the driver does. */
function readParts(kernel: Kernel, body: Uint8Array, { dialect, columns }: ScanCase, cut: Cut): Rows {
  const rows: string[][] = [];
  const reader = new BlockReader(kernel, dialect, columns.length, { blockBytes: cut.blockBytes, bufferBytes: 256 });
  const take = (table: FieldTable) => rows.push(...textsOf(kernel, table, columns.length));
  const read = (range: ByteRange & { start: number }, onRows: (table: FieldTable) => void) =>
    reader.read(sourceOf(body.subarray(range.start), cut.sip), onRows, range);
  const parts: { from: number; stop: number; rows: number }[] = [];
  let [at, ragged, firstRagged, skipped] = [0, 0, -1, 0];
  try {
    for (const [i, from] of [0, ...cut.starts].entries()) {
      const stop = cut.starts[i] ?? Number.POSITIVE_INFINITY;
      const held: string[][] = [];
      let part: ReadResult | undefined;
      if (i > 0) {
        const keep = (table: FieldTable) => held.push(...textsOf(kernel, table, columns.length));
        part = guessed(() => read({ start: from - 1, stop, isGuess: true, firstRow: 0 }, keep));
      }
      if (part?.startedAt !== at) {
        held.length = 0;
        if (at >= stop) continue;
        // A fault's row number is that of the file only when all rows before it are known.
        part = read({ start: at, stop, firstRow: rows.length + skipped }, take);
      }
      parts.push({ from: at, stop, rows: part.rows });
      rows.push(...held);
      if (part.ragged > 0 && firstRagged < 0) firstRagged = rows.length - part.rows + skipped + part.firstRagged;
      ragged += part.ragged;
      skipped += part.skipped;
      at = part.endedAt;
    }
    return { rows, parts, ragged, firstRagged };
  } finally {
    reader.free();
  }
}

/** A fault behind a guess may be none. */
function guessed(read: () => ReadResult): ReadResult | undefined {
  try {
    return read();
  } catch (failure) {
    if (failure instanceof RowFault) return undefined;
    throw failure;
  }
}

/** A field's text from how it stands in the file, which is given byte by byte. */
function unquoted(raw: string, { dialect: { quote, escape: escaper } }: ScanCase): string {
  const text = Buffer.from(raw, "latin1").toString("utf8");
  if (quote === undefined || !text.startsWith(quote)) return text;
  const inner = text.slice(1, -1);
  if (escaper === quote) return inner.replaceAll(quote + quote, quote);
  return inner.replace(/\\(.)/gs, (both, letter) => (letter === quote || letter === escaper ? letter : both));
}
