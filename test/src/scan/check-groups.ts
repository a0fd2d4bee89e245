import { statSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { OutgrowError } from "../../../src/errors.ts";
import type { GroupResult } from "../../../src/scan/request.ts";
import { scanGroups } from "../../../src/scan/scan-groups.ts";
import type { ScanTable } from "../../../src/scan/table.ts";
import type { ScanOptions } from "../../../src/scan/threads/run-scan.ts";
import type { SourceFile } from "../../../src/source/source.ts";
import type { Random } from "../chunked/datasets.ts";
import { firstDifference, foundIn } from "./compare.ts";
import { columnsOf, expectCase } from "./expect-case.ts";
import { bytesOf, type ScanCase } from "./generate.ts";
import type { ReferenceFault } from "./reference-rows.ts";

/** Blocks, pieces and threads of any number. */
export function makeTuning(random: Random, isThreaded: boolean): ScanOptions {
  return {
    threads: random.pick(isThreaded ? [1, 2, 3] : [1, 2, 8]),
    tuning: {
      build: "checked",
      blockBytes: random.pick([64, 100, 1000, 128 * 1024]),
      pieceBytes: random.pick([64, 100, 777, 5000, 100_000]),
      ...(isThreaded ? { smallBytes: 0 } : {}),
    },
  };
}

/** A case as a file on the disk. */
export function tableIn(file: string, one: ScanCase): ScanTable {
  writeFileSync(file, bytesOf(one));
  const { dialect, columns } = one;
  return { label: "case", format: "csv", compression: undefined, files: [fileOf(file)], dialect, columns };
}

function fileOf(file: string): SourceFile {
  const { size, mtimeMs } = statSync(file);
  return { path: file, bytes: size, mtimeMs };
}

/** A case as a gzip file. */
export function packedIn(file: string, one: ScanCase): ScanTable {
  const table = tableIn(file, one);
  writeFileSync(`${file}.gz`, gzipSync(bytesOf(one)));
  return { ...table, compression: "gzip", files: [fileOf(`${file}.gz`)] };
}

/**
 * A case as two or three files with its line of names each; undefined where that would be another text, because a row end or a quote
 * would be cut.
 */
export function partsIn(file: string, one: ScanCase, random: Random): ScanTable | undefined {
  const { records, dialect, head } = one;
  const isWhole = dialect.newline === "lf" || dialect.newline === "crlf";
  if (!isWhole || records.length < 3 || records.some((record) => /never closed|torn/.test(record))) return undefined;
  const [a, b] = [1 + random.below(records.length - 1), 1 + random.below(records.length - 1)].sort((x, y) => x - y);
  const parts = [records.slice(0, a), records.slice(a, b), records.slice(b)].filter((part) => part.length > 0);
  const texts = parts.map((part) => bytesOf({ head, records: part, dialect }));
  // An empty last record is a row of a text, and alone it is a file without a byte, which has none.
  if (texts.some(({ length }) => length === 0)) return undefined;
  const files = texts.map((text, i) => {
    const name = file.replace(/\.csv$/, ` part ${i}.csv`);
    writeFileSync(name, text);
    return fileOf(name);
  });
  return { ...tableIn(file, one), files };
}

/** Where scanGroups differs from the reference in its result or in its error. */
export async function differenceInGroups(
  table: ScanTable,
  one: ScanCase,
  options: ScanOptions,
): Promise<object | undefined> {
  const expected = expectCase(one, columnsOf(one.request));
  const found = await scan(table, one, options);
  if (found.failure || expected.fault) {
    if (found.failure && expected.fault && isThatFault(found.failure, expected.fault)) return undefined;
    return { found: found.failure?.message ?? "a result", expected: expected.fault?.message ?? "a result", options };
  }
  const { columns, rows, matched, groups } = found.result;
  const { result } = expected;
  const counts = [rows, matched, groups].join();
  const wanted = [result.rows, result.matched, result.groups].join();
  if (counts !== wanted) return { what: "rows, matched, groups", found: counts, expected: wanted, options };
  const difference = firstDifference(foundIn(columns), result.columns, one.request.keys.length, "slack");
  return difference && { ...difference, options };
}

async function scan(
  table: ScanTable,
  { request }: ScanCase,
  options: ScanOptions,
): Promise<{ result: GroupResult; failure?: undefined } | { failure: OutgrowError }> {
  try {
    return { result: await scanGroups(table, request, options) };
  } catch (failure) {
    if (failure instanceof OutgrowError) return { failure };
    throw failure;
  }
}

const CODES = {
  ragged: "E_RAGGED_ROW",
  "open quote": "E_OPEN_QUOTE",
  empty: "E_EMPTY_FILE",
  misfit: "E_BAD_VALUE",
  "no numbers": "E_WRONG_TYPE",
} as const;

/** The error is of its kind, and names the row and the column. */
function isThatFault({ code, message }: OutgrowError, { reason, row, column }: ReferenceFault): boolean {
  // Of several files the rows count from the start of each.
  const isPart = message.includes(" part ");
  const place = row === 0 || isPart || message.includes(` row ${row.toLocaleString("en-US")}`);
  return code === CODES[reason] && place && (column === undefined || message.includes(`column "${column}"`));
}
