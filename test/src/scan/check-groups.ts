import { statSync, writeFileSync } from "node:fs";
import { OutgrowError } from "../../../src/errors.ts";
import type { GroupResult } from "../../../src/scan/request.ts";
import { scanGroups } from "../../../src/scan/scan-groups.ts";
import type { ScanTable } from "../../../src/scan/table.ts";
import type { ScanOptions } from "../../../src/scan/threads/run-scan.ts";
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
  const { size, mtimeMs } = statSync(file);
  const files = [{ path: file, bytes: size, mtimeMs }];
  return { label: "case", format: "csv", compression: undefined, files, dialect: one.dialect, columns: one.columns };
}

/** Where scanGroups differs from the reference in its result or in its error. */
export async function differenceInGroups(
  file: string,
  one: ScanCase,
  options: ScanOptions,
): Promise<object | undefined> {
  const expected = expectCase(one, columnsOf(one.request));
  const found = await scan(tableIn(file, one), one, options);
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
  const place = row === 0 || message.includes(`case.csv row ${row.toLocaleString("en-US")}`);
  return code === CODES[reason] && place && (column === undefined || message.includes(`column "${column}"`));
}
