import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import type { Dialect, Kind, ScanColumn, ScanTable } from "../../../src/scan/table.ts";
import type { SourceFile } from "../../../src/source/source.ts";

export const DIALECT: Dialect = {
  separator: ",",
  quote: '"',
  escape: '"',
  newline: "lf",
  header: true,
  skip: 0,
  encoding: "utf-8",
  decimal: ".",
  nulls: [],
  ragged: "error",
};

/** A folder that goes with the tests of a file. */
export function testFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "outgrow-scan-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file and says what a source says of it. */
export function writeSource(folder: string, name: string, content: string | Uint8Array): SourceFile {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return sourceOf(file);
}

export function sourceOf(file: string): SourceFile {
  const { size, mtimeMs } = statSync(file);
  return { path: file, bytes: size, mtimeMs };
}

/** `names` may say a kind behind a colon, and an exclamation mark behind it that it was declared: `amount:decimal2!`. */
export function tableOf(
  files: readonly SourceFile[],
  names: readonly string[],
  dialect: Partial<Dialect> = {},
  rest: Partial<ScanTable> = {},
): ScanTable {
  const label = path.basename(files[0]?.path ?? "");
  const columns = names.map(columnOf);
  return { label, format: "csv", compression: undefined, files, dialect: { ...DIALECT, ...dialect }, columns, ...rest };
}

function columnOf(text: string): ScanColumn {
  const [name = "", kind = "text"] = text.split(":");
  return { name, type: kindOf(kind.replace("!", "")), isDeclared: kind.endsWith("!") };
}

function kindOf(word: string): Kind {
  if (word.startsWith("decimal")) return { kind: "decimal", scale: Number(word.slice(7)) };
  if (word.startsWith("timestamp")) return { kind: "timestamp", zoned: word === "timestampZ" };
  return { kind: word } as Kind;
}
