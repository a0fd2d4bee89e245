import { isDeepStrictEqual } from "node:util";
import { OutgrowError } from "../../../src/errors.ts";
import type { EngineColumn } from "../../../src/query/engine-table.ts";
import type { ColumnsRequest } from "../../../src/scan/request.ts";
import { type ColumnChunk, scanColumns } from "../../../src/scan/scan-columns.ts";
import type { ScanOptions } from "../../../src/scan/threads/run-scan.ts";
import type { Random } from "../chunked/datasets.ts";
import { tableIn } from "./check-groups.ts";
import { type Found, firstDifference, foundIn } from "./compare.ts";
import { expectCase, expectedColumns } from "./expect-case.ts";
import type { ScanCase } from "./generate.ts";

/** Where the chunks of scanColumns are not the rows of the reference, each but the last of exactly so many. */
export async function differenceInColumns(
  file: string,
  one: ScanCase,
  random: Random,
  options: ScanOptions,
): Promise<object | undefined> {
  const rows = random.pick([1, 7, 100, 50_000]);
  const threads = random.pick([1, 2, 3]);
  const expected = expectCase({ ...one, request: { keys: [], aggregates: [] } });
  const chunks: ColumnChunk[] = [];
  try {
    for await (const chunk of scanColumns(tableIn(file, one), { rows }, { ...options, threads })) chunks.push(chunk);
  } catch (failure) {
    // A type that turns out wrong behind the first chunks is an error here; which, is the check of the groups.
    if (failure instanceof OutgrowError) return undefined;
    throw failure;
  }
  if (expected.fault) return { found: "a result", expected: expected.fault.message, options };
  const height = expected.values[0]?.length ?? 0;
  const odd = chunks.findIndex((chunk, i) => {
    const wanted = i === chunks.length - 1 ? height - i * rows : rows;
    return chunk.rows !== wanted || chunk.firstRow !== i * rows;
  });
  if (odd >= 0) return { what: "rows of a chunk", chunk: odd, found: chunks[odd]?.rows, rows, options };
  const difference = firstDifference(joined(chunks), expectedColumns(expected), 0, "slack");
  if (difference) return { ...difference, rows, options };
  return differenceBehind(random.below(chunks.length), chunks, { rows }, { ...options, threads });
}

/** Where a scan that begins behind a chunk has other rows than the one that came to it has there. */
async function differenceBehind(
  at: number,
  chunks: readonly ColumnChunk[],
  request: ColumnsRequest,
  options: ScanOptions,
): Promise<object | undefined> {
  const { end, table } = chunks[at] as ColumnChunk;
  if (!end) return undefined;
  const found: ColumnChunk[] = [];
  for await (const chunk of scanColumns(table, { ...request, from: end }, options)) found.push(chunk);
  const behind = chunks.slice(at + 1);
  // A scan of no rows gives a chunk without any.
  const given = found.filter(({ rows }) => rows > 0);
  const part = (list: readonly ColumnChunk[]) => [list.map(({ rows }) => rows), list.length > 0 && joined(list)];
  if (isDeepStrictEqual(part(given), part(behind))) return undefined;
  return { what: "rows behind a place", end, found: part(given), expected: part(behind), options };
}

function joined(chunks: readonly { readonly columns: readonly EngineColumn[] }[]): Found[] {
  const parts = chunks.map(({ columns }) => foundIn(columns));
  return (parts[0] ?? []).map(({ name }, c) => ({ name, cells: parts.flatMap((part) => part[c]?.cells ?? []) }));
}
