import type { FieldColumn } from "../rows/field-table.ts";

/** The text of one field in the kernel's memory, or its first bytes, with its quotes taken off; for messages and rare values. */
export function fieldText(
  memory: Buffer,
  column: FieldColumn,
  row: number,
  quote: string | undefined,
  mostBytes = Number.POSITIVE_INFINITY,
): string {
  const start = memory.readUInt32LE(column.starts + row * column.stride) + column.skip;
  const end = memory.readUInt32LE(column.ends + row * column.stride);
  const text = memory.toString("utf8", start, Math.min(end, start + mostBytes));
  if (quote === undefined || !text.startsWith(quote) || text.length < 2) return text;
  return text.slice(1, text.endsWith(quote) ? -1 : undefined).replaceAll(quote + quote, quote);
}
