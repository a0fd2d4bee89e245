import type { FieldColumn } from "./field-table.ts";
import type { Kernel } from "./kernel.ts";

/** The text of one field, or its first bytes, with the quotes and the blanks around it taken off; for messages and rare values. */
export function fieldText(
  kernel: Kernel,
  column: FieldColumn,
  row: number,
  quote: string | undefined,
  mostBytes = Number.POSITIVE_INFINITY,
): string {
  const entries = new DataView(kernel.calls.memory.buffer);
  const start = entries.getUint32(column.starts + row * column.stride, true) + column.skip;
  const end = entries.getUint32(column.ends + row * column.stride, true);
  const bytes = kernel.bytes.subarray(start, Math.min(end, start + mostBytes));
  const text = Buffer.from(bytes).toString("utf8");
  if (quote === undefined || !text.startsWith(quote) || text.length < 2) return text.trim();
  const inner = text.slice(1, text.endsWith(quote) ? -1 : undefined);
  return inner.replaceAll(quote + quote, quote).trim();
}
