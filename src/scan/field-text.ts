import type { FieldColumn } from "./field-table.ts";
import type { Kernel } from "./kernel.ts";

/** The text of one field, or its first bytes, with its quotes taken off; for messages and rare values. */
export function fieldText(
  kernel: Kernel,
  column: FieldColumn,
  row: number,
  quote: string | undefined,
  mostBytes = Number.POSITIVE_INFINITY,
): string {
  const { bytes } = kernel;
  const start = entryAt(bytes, column.starts + row * column.stride) + column.skip;
  const end = entryAt(bytes, column.ends + row * column.stride);
  const text = Buffer.from(bytes.buffer).toString("utf8", start, Math.min(end, start + mostBytes));
  if (quote === undefined || !text.startsWith(quote) || text.length < 2) return text;
  return text.slice(1, text.endsWith(quote) ? -1 : undefined).replaceAll(quote + quote, quote);
}

function entryAt(bytes: Uint8Array, at: number): number {
  const upper = ((bytes[at + 3] as number) << 24) >>> 0;
  return upper + (bytes[at] as number) + (bytes[at + 1] as number) * 256 + (bytes[at + 2] as number) * 65_536;
}
