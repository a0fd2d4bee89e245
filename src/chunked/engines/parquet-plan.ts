import { UsageError } from "../../errors.ts";
import { arrow } from "../../frame/arrow.ts";
import { readSchemaMessage } from "../../frame/read-arrow.ts";
import { parseDtypes } from "../../query/dtypes.ts";
import { wantsRows } from "../../query/plan.ts";
import { type ColumnForm, formOf } from "../../scan/parquet/column-form.ts";
import { type Footer, type FooterColumn, type FooterGroup, readFooter } from "../../scan/parquet/footer.ts";
import { ENCODING } from "../../scan/parquet/page-values.ts";
import type { ParquetTable, RowGroup } from "../../scan/parquet/parquet-table.ts";
import { isUnpacked } from "../../scan/parquet/unpack-page.ts";
import { currentFiles } from "../../scan/threads/byte-sources.ts";
import { pandasTypeOf } from "../../scan/types/pandas-type.ts";
import type { FileSource } from "../../source/source.ts";
import type { Refusal } from "../answer.ts";
import type { ChunkedOptions } from "../options.ts";
import { planOf } from "./checked-plan.ts";
import { isRough, type ScanWords, usedIn, wordsOf } from "./scan-plan.ts";

/** A query in the scanner's words over Parquet files, with the columns and row groups that it reads. */
export interface ParquetPlan extends ScanWords {
  readonly parquet: ParquetTable;
  readonly whole: WholeParquet;
}

/** Parquet files as a whole. */
export interface WholeParquet {
  readonly rows: number;
  /** All columns that the scanner reads, and their first row group. */
  readonly parquet: ParquetTable;
  /** Rows of each that have no value, as footers tell; undefined where these do not. */
  readonly nulls: readonly (number | undefined)[];
  /** The others, with their bytes when they are unpacked. */
  readonly others: readonly { readonly name: string; readonly bytes: number }[];
}

/** Files that are open together: a process may have few. */
const OPEN_AT_ONCE = 16;
const FEW_GROUPS = 16;
const READ: ReadonlySet<number> = new Set(Object.values(ENCODING));
/** What has no name in pandas' words here, and is used by no plan of the scanner. */
const UNREAD = "object";

/** The query as the scanner would do it over Parquet files, or why another engine must. Of the data footers are read. */
export async function parquetPlanOf(source: FileSource, options: ChunkedOptions): Promise<ParquetPlan | Refusal> {
  if (wantsRows(options)) return { refused: "the data are Parquet" };
  if (source.partitions) return { refused: "folders hold columns" };
  const files = currentFiles(source.files);
  const footers = await footersOf(files);
  const [first] = footers;
  if (!first) return { refused: "a footer is too large for it, or cannot be read" };
  if (!footers.every((footer) => isSame(footer, first))) return { refused: "the files differ in their columns" };
  const names = new Set(first.columns.map(({ name }) => name.toLowerCase()));
  if (names.size < first.columns.length) return { refused: "two columns have one name" };
  const forms = new Map(first.columns.map(({ name, flat }) => [name, flat && formOf(flat)]));
  const words = wordsOver(forms, options);
  if ("refused" in words) return words;
  const used = new Set(usedIn(words));
  const columns = first.columns.filter(({ name }) => used.has(name));
  const odd =
    oddIn(columns, forms, footers) ??
    spanIn(columns, footers) ??
    oddWords(words, columns, forms, options) ??
    whyPassedOver(words, footers);
  if (odd !== undefined) return { refused: odd };
  const table = (read: readonly FooterColumn[]) => tableOf(read, files, footers, forms);
  return { ...words, parquet: table(columns), whole: wholeOf(footers, first, table) };
}

function tableOf(
  columns: readonly FooterColumn[],
  files: ParquetTable["files"],
  footers: readonly Footer[],
  forms: ReadonlyMap<string, ColumnForm | undefined>,
): ParquetTable {
  const read = columns.flatMap((column) => {
    const form = forms.get(column.name);
    return form ? [{ column, form }] : [];
  });
  const readColumns = read.map(({ column }) => column);
  return {
    files,
    columns: read.map(({ column: { name }, form }) => ({ name, type: form.kind, isDeclared: false })),
    forms: read.map(({ form }) => form),
    groups: footers.flatMap((footer, file) =>
      footer.groups.filter(({ rows }) => rows > 0).map((group) => groupOf(group, file, readColumns)),
    ),
  };
}

function wholeOf(
  footers: readonly Footer[],
  { columns }: Footer,
  table: (columns: readonly FooterColumn[]) => ParquetTable,
): WholeParquet {
  const groups = footers.flatMap((footer) => footer.groups);
  const [first] = groups.filter(({ rows }) => rows > 0);
  const isRead = (column: FooterColumn) => first !== undefined && oddChunk(first, column) === undefined;
  const parquet = table(columns.filter(isRead));
  const names = new Set(parquet.columns.map(({ name }) => name));
  const others = columns.filter(({ name }) => !names.has(name));
  return {
    rows: groups.reduce((sum, { rows }) => sum + rows, 0),
    parquet: { ...parquet, groups: parquet.groups.slice(0, 1) },
    nulls: columns.filter(({ name }) => names.has(name)).map(({ leaf }) => nullsOf(groups, leaf)),
    others: others.map(({ name, leaf }) => ({
      name,
      bytes: groups.reduce((sum, { chunks }) => sum + Math.max(0, chunks[leaf]?.unpacked ?? 0), 0),
    })),
  };
}

/** None where one cannot be read. */
async function footersOf(files: ParquetTable["files"]): Promise<readonly Footer[]> {
  const footers: Footer[] = [];
  for (let at = 0; at < files.length; at += OPEN_AT_ONCE) {
    const found = await Promise.all(files.slice(at, at + OPEN_AT_ONCE).map(({ path }) => readFooter(path)));
    const read = found.filter((footer) => footer !== undefined);
    if (read.length < found.length) return [];
    footers.push(...read);
  }
  return footers;
}

function isSame({ columns }: Footer, first: Footer): boolean {
  return columns === first.columns || JSON.stringify(columns) === JSON.stringify(first.columns);
}

function wordsOver(forms: ReadonlyMap<string, ColumnForm | undefined>, options: ChunkedOptions): ScanWords | Refusal {
  const columns = [...forms].map(([name, form]) => ({ name, type: form ? pandasTypeOf(form.kind) : UNREAD }));
  try {
    const plan = planOf({ columns }, options);
    return wordsOf(plan, plan.columns);
  } catch (failure) {
    // The general engine says it, which has a type for every column.
    if (failure instanceof UsageError) return { refused: failure.message };
    throw failure;
  }
}

function nullsOf(groups: readonly FooterGroup[], leaf: number): number | undefined {
  const told = groups.map(({ chunks }) => chunks[leaf]?.nulls);
  return told.reduce((sum, nulls) => (sum === undefined || nulls === undefined ? undefined : sum + nulls), 0);
}

/** Why columns, or the row groups that they are in, are not for the scanner. */
function oddIn(
  columns: readonly FooterColumn[],
  forms: ReadonlyMap<string, ColumnForm | undefined>,
  footers: readonly Footer[],
): string | undefined {
  if (columns.length === 0) return "no column is read";
  const odd = columns.find(({ name }) => forms.get(name) === undefined);
  if (odd) return `"${odd.name}" is of a type that it does not read`;
  for (const { groups } of footers)
    for (const group of groups)
      for (const column of columns) {
        const why = oddChunk(group, column);
        if (why !== undefined) return `"${column.name}" ${why}`;
      }
  return undefined;
}

/** Spans of time are whole numbers in Parquet, which the general engine shows as what they are. */
function spanIn(columns: readonly FooterColumn[], footers: readonly Footer[]): string | undefined {
  const used = new Set(columns.map(({ name }) => name));
  for (const text of new Set(footers.map(({ arrowSchema }) => arrowSchema))) {
    const fields = text === undefined ? [] : (readSchemaMessage(text)?.fields ?? []);
    const span = fields.find(({ name, type }) => used.has(name) && arrow().DataType.isDuration(type));
    if (span) return `"${span.name}" is a span of time`;
  }
  return undefined;
}

function oddChunk({ rows, chunks }: FooterGroup, { leaf }: FooterColumn): string | undefined {
  const chunk = chunks[leaf];
  if (!chunk || chunk.isElsewhere) return "is in another file, or secret";
  if (!isUnpacked(chunk.codec)) return "is packed in a way that it does not read";
  if (!chunk.encodings.every((encoding) => READ.has(encoding))) return "is encoded in a way that it does not read";
  const isWhole = [rows, chunk.values, chunk.bytes, chunk.start].every(
    (count) => Number.isSafeInteger(count) && count >= 0,
  );
  return isWhole && chunk.values === rows ? undefined : "has a footer that is damaged";
}

function oddWords(
  { where }: ScanWords,
  columns: readonly FooterColumn[],
  forms: ReadonlyMap<string, ColumnForm | undefined>,
  { dtype }: ChunkedOptions,
): string | undefined {
  const declared = parseDtypes(dtype ?? {});
  const made = columns.find(({ name }) => Object.hasOwn(declared, name));
  if (made) return `"${made.name}" is to be made ${declared[made.name]}`;
  const types = new Map([...forms].map(([name, form]) => [name, form?.kind]));
  const rough = where.find((test) => isRough(test, types));
  return rough && `"${rough.column}" is float32, and is compared with a number that is none`;
}

/** Where a condition leaves few row groups, reading all takes many times as long. */
function whyPassedOver({ where }: ScanWords, footers: readonly Footer[]): string | undefined {
  const groups = footers.reduce((sum, footer) => sum + footer.groups.length, 0);
  const isOfValues = where.some(({ test }) => test !== "null" && test !== "not null");
  if (!isOfValues || groups <= FEW_GROUPS) return undefined;
  return "the condition may leave out row groups, which it does not pass over";
}

function groupOf({ rows, chunks }: FooterGroup, file: number, columns: readonly FooterColumn[]): RowGroup {
  return {
    file,
    rows,
    chunks: columns.map(({ leaf, flat }) => {
      const { start = 0, bytes = 0, codec = 0 } = chunks[leaf] ?? {};
      return { start, bytes, codec, isOptional: Boolean(flat?.isOptional) };
    }),
  };
}
