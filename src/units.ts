import { UsageError } from "./errors.ts";

const BYTE_UNITS: Readonly<Record<string, number>> = {
  b: 1,
  k: 2 ** 10,
  kb: 1e3,
  kib: 2 ** 10,
  m: 2 ** 20,
  mb: 1e6,
  mib: 2 ** 20,
  g: 2 ** 30,
  gb: 1e9,
  gib: 2 ** 30,
  t: 2 ** 40,
  tb: 1e12,
  tib: 2 ** 40,
};

/**
 * Bytes from text with a unit; a bare letter is binary as in Java and Spark.
 *
 * @throws {UsageError} E_BAD_SIZE
 * @example
 * parseBytes("64MiB"); // 67108864
 * parseBytes("8g"); // 8589934592
 */
export function parseBytes(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  const unit = match && BYTE_UNITS[(match[2] || "b").toLowerCase()];
  if (!match || !unit)
    throw new UsageError("E_BAD_SIZE", `"${text}" is not a size`, { hint: "write a number with a unit, as in 64MiB" });
  return Math.round(Number(match[1]) * unit);
}

/**
 * A whole number, with `k` and `M` for thousands and millions, `_` and `,` as separators.
 *
 * @throws {UsageError} E_BAD_COUNT
 * @example
 * parseCount("100k"); // 100000
 */
export function parseCount(text: string): number {
  const match = /^([\d_,]+(?:\.\d+)?)([km]?)$/i.exec(text.trim());
  const scale = { "": 1, k: 1e3, m: 1e6 }[match?.[2]?.toLowerCase() ?? ""] ?? 1;
  const count = match ? Number(match[1]?.replace(/[_,]/g, "")) * scale : Number.NaN;
  if (!Number.isSafeInteger(count))
    throw new UsageError("E_BAD_COUNT", `"${text}" is not a whole number`, { hint: "write it as 50000 or 50k" });
  return count;
}

/**
 * Bytes for people, binary units, three digits.
 *
 * @example
 * formatBytes(67108864); // "64.0 MiB"
 */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return "unknown";
  const names = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let value = Math.abs(bytes);
  let step = 0;
  while (value >= 1023.5 && step < names.length - 1) {
    value /= 1024;
    step++;
  }
  const sign = bytes < 0 ? "-" : "";
  return `${sign}${step === 0 ? Math.round(value) : value.toFixed(value < 99.95 ? 1 : 0)} ${names[step]}`;
}

/**
 * Seconds for people.
 *
 * @example
 * formatSeconds(0.0382); // "38 ms"
 * formatSeconds(75); // "1 min 15 s"
 */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return "unknown";
  if (seconds < 0.0095) return `${(seconds * 1000).toFixed(1)} ms`;
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.5) return `${seconds.toFixed(seconds < 9.95 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/**
 * A count with thousands separators.
 *
 * @example
 * formatCount(1204882); // "1,204,882"
 */
export function formatCount(count: number | bigint): string {
  return count.toLocaleString("en-US");
}

/**
 * So many of a thing.
 *
 * @example
 * countOf(1, "chunk"); // "1 chunk"
 * countOf(2000, "chunk"); // "2,000 chunks"
 */
export function countOf(count: number, thing: string): string {
  return `${formatCount(count)} ${thing}${count === 1 ? "" : "s"}`;
}
