import { cell, NULL_CELL, type PreviewCell } from "./preview.ts";

/** Characters of a cell that are shown before it is cut. */
export const CELL_WIDTH = 80;
const MS_PER_DAY = 86_400_000;

/**
 * A value as it stands in a table cell: integers in full, decimals with all places of their type, floats to 12 digits and at least to cents (7 digits for float32), dates in ISO, NaN and
 * infinities by name, nested values as JSON, bytes in hexadecimal, control characters visible, long texts cut.
 *
 * @example
 * formatCell(new Date(0), { type: "date" }).text; // "1970-01-01"
 */
export function formatCell(
  value: unknown,
  options: { readonly type?: string; readonly width?: number } = {},
): PreviewCell {
  if (value === null || value === undefined) return NULL_CELL;
  const { type = "", width = CELL_WIDTH } = options;
  return cell(cutText(visible(startOfText(formatValue(value, type, width), width)), width));
}

function formatValue(value: unknown, type: string, width: number): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return formatNumber(value, type);
    case "bigint":
    case "boolean":
      return String(value);
    default:
      return formatObject(value, type, width);
  }
}

function formatNumber(value: number, type: string): string {
  const scale = /^decimal\(\d+, ?(\d+)\)$/.exec(type)?.[1];
  // Money keeps its cents, 2.50 as much as 2.49; beyond 2^53 units a double no longer holds them all.
  if (scale !== undefined && Math.abs(value) * 10 ** Number(scale) < 2 ** 53) return value.toFixed(Number(scale));
  if (Number.isInteger(value)) return Object.is(value, -0) ? "-0" : String(value);
  if (!Number.isFinite(value)) return String(value);
  return String(Number(value.toPrecision(type === "float32" || type === "float16" ? 7 : digitsOf(value))));
}

/** Twelve, and of what is larger never less than its cents: a sum of 137,355,728,025,116.34 is not 137,355,728,025,000. */
function digitsOf(value: number): number {
  return Math.min(17, Math.max(12, Math.floor(Math.log10(Math.abs(value))) + 3));
}

function formatObject(value: unknown, columnType: string, width: number): string {
  if (value instanceof Date) return formatTime(value.getTime(), columnType);
  if (value instanceof Uint8Array) return formatBytesValue(value);
  try {
    const start = startOf(value, { signs: width, width });
    const type = hasTimes(start) ? "datetime64[ns, UTC]" : "date";
    return JSON.stringify(start, forJson(type)) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/**
 * Milliseconds since 1970 (a fraction holds microseconds) as ISO text: a day for `date`, with `Z` where the type names a zone.
 *
 * @example
 * formatTime(0.25, "datetime64[us]"); // "1970-01-01T00:00:00.000250"
 */
export function formatTime(ms: number, type: string): string {
  const date = new Date(Math.floor(ms));
  if (Number.isNaN(date.getTime())) return "NaT";
  const iso = date.toISOString();
  if (type === "date") return iso.slice(0, iso.indexOf("T"));
  const micros = Math.min(999, Math.round((ms - Math.floor(ms)) * 1000));
  const zone = type.startsWith("datetime64") && !type.includes(",") ? "" : "Z";
  const base = iso.slice(0, -5);
  const fraction = iso.slice(-4, -1);
  if (micros > 0) return `${base}.${fraction}${String(micros).padStart(3, "0")}${zone}`;
  return fraction === "000" ? `${base}${zone}` : `${base}.${fraction}${zone}`;
}

function formatBytesValue(bytes: Uint8Array): string {
  const shown = Buffer.from(bytes.subarray(0, 16)).toString("hex");
  return `0x${shown}${bytes.length > 16 ? "…" : ""} (${bytes.length} bytes)`;
}

/** So much of a text that what it is cut to is the same; a sign is two of its units at most. */
function startOfText(text: string, width: number): string {
  return text.length > 2 * width ? text.slice(0, 2 * width + 1) : text;
}

/** How many signs a cell has left for a nested value, of which each part takes one at least. */
interface Room {
  signs: number;
  readonly width: number;
}

/** So much of a nested value as a cell could show: a list may have a million items. */
function startOf(value: unknown, room: Room, above: readonly object[] = []): unknown {
  if (value !== undefined) room.signs--;
  if (typeof value === "string") return startOfText(value, room.width);
  if (!isNested(value)) return value;
  // JSON refuses what holds itself.
  if (above.includes(value)) return value;
  const within = [...above, value];
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (let i = 0; i < value.length && room.signs > 0; i++) items.push(startOf(value[i], room, within));
    return items;
  }
  const fields = Object.create(null) as Record<string, unknown>;
  for (const name of Object.keys(value)) {
    if (room.signs <= 0) break;
    fields[name] = startOf((value as Record<string, unknown>)[name], room, within);
  }
  return fields;
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null && !("toJSON" in value);
}

/** What lies in a list or an object has no type that tells days from moments: where all of them are midnights they are days. */
function hasTimes(value: unknown): boolean {
  let found = false;
  JSON.stringify(value, function (this: Record<string, unknown>, key, item: unknown) {
    const held = this[key];
    if (held instanceof Date && held.getTime() % MS_PER_DAY) found = true;
    return typeof item === "bigint" ? null : item;
  });
  return found;
}

function forJson(momentType: string) {
  return function (this: Record<string, unknown>, key: string, value: unknown): unknown {
    const held = this[key];
    if (held instanceof Date) return formatTime(held.getTime(), momentType);
    if (typeof value === "bigint") return String(value);
    return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  };
}

const HIDDEN = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/gu;
const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Control characters, direction overrides and broken surrogates as escapes that one can see, so that a table stays one. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (sign) => {
    const code = sign.codePointAt(0) ?? 0;
    return (
      SHORT[sign] ??
      (code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`)
    );
  });
}

/** At most `width` characters, the last one a sign that more follow. */
export function cutText(text: string, width: number): string {
  if (text.length <= width) return text;
  const characters = Array.from(text);
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join("")}…`;
}
