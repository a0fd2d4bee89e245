import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openDuckdb } from "../../../src/duckdb/session.ts";

export interface Sale {
  readonly user_id: number;
  readonly category: string;
  readonly amount: number;
  readonly zip: string;
  readonly at: Date;
  readonly note: string | null;
}

/** Always the same rows: ids, few categories, amounts of two decimals, zips with leading zeros, quoted and missing notes. */
export function sales(rows: number, seed = 7): Sale[] {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) / 0x7fffff;
  };
  return Array.from({ length: rows }, (_, i) => ({
    user_id: Math.floor(next() * 100_000),
    category: `cat ${Math.floor(next() * 20)}`,
    amount: Math.round(next() * 50_000) / 100,
    zip: String(Math.floor(next() * 9_999)).padStart(5, "0"),
    at: new Date(1_700_000_000_000 + i * 1000),
    note: next() < 0.3 ? null : next() < 0.1 ? `said "hi", left\nfor ${i}` : `Grüße ${i}`,
  }));
}

export const NAMES = ["user_id", "category", "amount", "zip", "at", "note"] as const;

export function toCsv(rows: readonly Sale[], sep = ",", end = "\n"): string {
  const lines = rows.map(({ user_id, category, amount, zip, at, note }) =>
    [user_id, category, amount.toFixed(2), zip, at.toISOString().slice(0, 19), note ?? ""]
      .map((value) => quote(String(value), sep))
      .join(sep),
  );
  return [NAMES.join(sep), ...lines].join(end) + end;
}

function quote(text: string, sep: string): string {
  return text.includes(sep) || /["\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A folder for the files of one test file. */
export function folder(): string {
  return mkdtempSync(path.join(tmpdir(), "outgrow-profile-"));
}

export function write(dir: string, name: string, content: string | Uint8Array): string {
  const file = path.join(dir, name);
  writeFileSync(file, content);
  return file;
}

/** The CSV file as Parquet, with the zips kept as text. */
export async function toParquet(csv: string, parquet: string): Promise<void> {
  await using session = await openDuckdb();
  await session.execute(`COPY (SELECT * FROM read_csv('${csv}')) TO '${parquet}' (FORMAT parquet)`);
}
