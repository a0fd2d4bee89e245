import type { FieldColumn } from "../rows/field-table.ts";
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
  const text = memory.toString("utf8", start, Math.min(end, start + mostBytes));
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
