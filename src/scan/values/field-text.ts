import type { FieldColumn, FieldTable } from "../rows/field-table.ts";
import type { Dialect } from "../table.ts";

/** How a field is quoted. */
type Marks = Pick<Dialect, "quote" | "escape">;

/** Of fields whose quotes are no part of them. */
export const NO_QUOTES: Marks = { quote: undefined, escape: undefined };

/** The text of one field in the kernel's memory, or its first bytes, as its quotes mean it; for messages and rare values. */
export function fieldText(
  memory: Buffer,
  column: FieldColumn,
  row: number,
  { quote, escape: mark = quote }: Marks,
  mostBytes = Number.POSITIVE_INFINITY,
): string {
  const start = memory.readUInt32LE(column.starts + row * column.stride) + column.skip;
  const end = memory.readUInt32LE(column.ends + row * column.stride);
  return withoutQuotes(memory.toString("utf8", start, Math.min(end, start + mostBytes)), quote, mark);
}

/** Reads as `fieldText` does, all fields of a row: one call decodes a row of plain ASCII. */
export function rowReader(
  memory: Buffer,
  fields: FieldTable,
  columns: number,
  marks: Marks,
  mostBytes: number,
): (row: number) => string[] {
  const { quote, escape: mark = quote } = marks;
  const places = new Uint32Array(memory.buffer);
  return (row) => {
    const starts = (fields.starts + row * fields.stride) >>> 2;
    const ends = (fields.ends + row * fields.stride) >>> 2;
    const from = (places[starts] as number) + fields.skip;
    const to = places[ends + columns - 1] as number;
    const line = to - from <= mostBytes * columns ? memory.toString("utf8", from, to) : "";
    const isPlain = line.length === to - from;
    const texts: string[] = [];
    for (let i = 0; i < columns; i++) {
      const start = (places[starts + i] as number) + (i === 0 ? fields.skip : 1) - from;
      const end = (places[ends + i] as number) - from;
      texts.push(
        isPlain
          ? withoutQuotes(line.slice(start, Math.min(end, start + mostBytes)), quote, mark)
          : fieldText(memory, fields.column(i), row, marks, mostBytes),
      );
    }
    return texts;
  };
}

function withoutQuotes(text: string, quote: string | undefined, mark: string | undefined): string {
  if (quote === undefined || mark === undefined || !text.startsWith(quote) || text.length < 2) return text;
  const inner = text.slice(1, text.endsWith(quote) ? -1 : undefined);
  return inner.includes(mark) ? withoutEscapes(inner, quote, mark) : inner;
}

/** Before a quote, or itself, an escape makes a letter of it; elsewhere it is one. */
function withoutEscapes(text: string, quote: string, mark: string): string {
  let plain = "";
  for (let i = 0; i < text.length; i++) {
    const next = text[i + 1];
    if (text[i] === mark && (next === quote || next === mark)) i++;
    plain += text[i];
  }
  return plain;
}
