import { type DescribedSource, LOOKED_AT } from "../../duckdb/describe.ts";
import type { DuckdbSession } from "../../duckdb/session.ts";
import { sqlTypeOf } from "../../duckdb/types.ts";
import { UsageError, withHint } from "../../errors.ts";
import type { ProgressEvent } from "../../progress.ts";
import { parseDtypes } from "../../query/dtypes.ts";
import { aggregatesOf, mentions, type QueryWords } from "../../query/plan.ts";
import { NEEDS_NUMBERS } from "../../query/query.ts";
import { ScanRefused } from "../../scan/refused.ts";
import type { GroupRequest } from "../../scan/request.ts";
import { scanGroups } from "../../scan/scan-groups.ts";
import { sniffTable } from "../../scan/sniff.ts";
import type { ScanTable } from "../../scan/table.ts";
import type { ScanOptions } from "../../scan/threads/run-scan.ts";
import { pandasTypeOf } from "../../scan/types/pandas-type.ts";
import type { FileSource } from "../../source/source.ts";
import { describeFor } from "./describe-for.ts";
import { numbersIn, rangesFor } from "./number-digits.ts";
import { whyNotText } from "./scannable.ts";

/** With what was widened, and by which row. */
export interface SettledSource extends DescribedSource {
  readonly notes?: readonly string[];
}

interface Settled {
  /** pandas' types by column. */
  readonly types: ReadonlyMap<string, string>;
  /** Columns in which some value is not of the type that samples had. */
  readonly widened: ReadonlySet<string>;
  /** Types of numbers that hold all digits, where separators of thousands keep them from the engine. */
  readonly numbers: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

/**
 * The schema of a source for a query that reads all of it, of delimited text with the types that all values of the used columns have by the scanner's rules: to the general engine a late `007`, `+49` and
 * `1_000` are numbers, `0x1F` an error, a late moment among days its day, and numbers of which one is infinite a text. That takes a third more processor time than the engine alone.
 *
 * @throws {DataError} E_DRIFT as `describeFor`
 * @throws {DataError} E_BAD_VALUE for a value that is none of a declared type, or no number where those are added
 */
export async function describeSettled(
  session: DuckdbSession,
  source: FileSource,
  words: QueryWords & Pick<ScanOptions, "signal" | "threads" | "onProgress">,
): Promise<SettledSource> {
  if (source.format !== "csv" || whyNotText(source) !== undefined) return describeFor(session, source, words);
  const isGrouped = source.text.thousands !== undefined;
  // To read numbers with separators takes the engine ten times as long as the scanner.
  const described = await describeFor(session, source, words, isGrouped ? { mostRows: LOOKED_AT } : {});
  const settled = await settle(source, words).catch((failure: unknown) => {
    if (failure instanceof ScanRefused) return undefined;
    throw failure;
  });
  if (settled === undefined) return isGrouped ? describeFor(session, source, words) : described;
  const declared = parseDtypes(words.dtype ?? {});
  const columns = described.columns.map((column) =>
    Object.hasOwn(declared, column.name) ? column : settledColumn(column, settled),
  );
  return { ...described, columns, notes: settled.notes };
}

type Column = DescribedSource["columns"][number];

function settledColumn(column: Column, { types, widened, numbers }: Settled): Column {
  const type = types.get(column.name);
  const number = numbers.get(column.name);
  if (number !== undefined) return { ...column, type: number, sqlType: sqlTypeOf(number) };
  if (type === "str" && (NUMBERS.test(column.type) || (widened.has(column.name) && MOMENT.test(column.type))))
    return { ...column, type, sqlType: "VARCHAR" };
  if (type === "float64" && /int|^str$|^date/.test(column.type)) return { ...column, type, sqlType: "DOUBLE" };
  // Found as a day: so it is read from its text, as a declared type is.
  return type !== undefined && widened.has(column.name) && MOMENT.test(type) && MOMENT.test(column.type)
    ? { ...column, type }
    : column;
}

/** What does not work for the type that a column got by some value says which one that was. */
export function withWidened(failure: unknown, { notes = [] }: SettledSource): unknown {
  if (!(failure instanceof UsageError) || notes.length === 0) return failure;
  return withHint(failure, [...notes, ...(failure.hint ? [failure.hint] : [])].join("; "));
}

const NUMBERS = /^(u?int|float|bool)/;
const MOMENT = /^date/;

async function settle(
  source: FileSource,
  { signal, threads, onProgress, ...words }: Parameters<typeof describeSettled>[2],
): Promise<Settled> {
  const keepsDigits = source.text.thousands !== undefined;
  const table = await sniffTable(source, { dtype: words.dtype, keepsDigits });
  const request = requestFor(table, words);
  const ranges = keepsDigits ? rangesFor(table, request) : [];
  // The query itself comes behind it: a bar that is full twice would say nothing.
  const report =
    onProgress && (({ note, operation }: ProgressEvent) => onProgress({ operation, note: `types: ${note ?? ""}` }));
  const options = { signal, threads, onProgress: report };
  const asked = { ...request, aggregates: [...request.aggregates, ...ranges] };
  const found = asked.aggregates.length > 0 ? await scanGroups(table, asked, options) : undefined;
  // Of rows that it leaves out the engine tells itself.
  const notes = (found?.notes ?? []).filter(({ code }) => code === "widened");
  const looked = new Set(request.aggregates.map(({ column }) => column));
  // Longer digits than a number has are numbers to the engine alone.
  const known = table.columns.filter(({ name, type }) => (type.kind === "text" ? !type.isDigits : looked.has(name)));
  const types = new Map(known.map(({ name, type }) => [name, pandasTypeOf(type)]));
  for (const { widened } of notes) if (widened) types.set(widened.column, widened.type);
  const widened = new Set(notes.flatMap((note) => (note.widened ? [note.widened.column] : [])));
  const numbers = numbersIn(ranges, found?.columns ?? []);
  return { types, widened, numbers, notes: notes.map(({ message }) => message) };
}

/** Any text is a text: of the others each value is looked at, and numbers that are to be added must be some. */
function requestFor({ columns }: ScanTable, words: QueryWords): GroupRequest {
  const isUsed = mentions(words);
  const added = new Set(aggregatesOf(words.agg).flatMap(({ fn, column }) => (NEEDS_NUMBERS.has(fn) ? [column] : [])));
  const typed = columns.filter(({ name, type }) => type.kind !== "text" && isUsed(name));
  const aggregates = typed.map(({ name, type }, i) => {
    const isAdded = added.has(name) && /^(u?int|float)/.test(pandasTypeOf(type));
    return { fn: isAdded ? ("sum" as const) : ("count" as const), column: name, name: `${i}` };
  });
  return { keys: [], aggregates };
}
