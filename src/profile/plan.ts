import { LOOKED_AT } from "../duckdb/describe.ts";
import { momentColumns, type Shape } from "../duckdb/moment-columns.ts";
import { pandasType } from "../duckdb/pandas-type.ts";
import { explainRagged } from "../duckdb/ragged.ts";
import { isAbove, isPartition, scanOf, withOptions } from "../duckdb/scan.ts";
import type { DuckdbSession } from "../duckdb/session.ts";
import type { NumberForm } from "../source/number-form.ts";
import type { FileSource } from "../source/source.ts";
import type { ColumnFacts } from "./facts.ts";
import type { PassColumn } from "./pass-facts.ts";
import type { Kind } from "./pass-sql.ts";

/** What a pass reads, and how each column is to be measured. */
export interface Plan {
  readonly scan: string;
  readonly columns: readonly PassColumn[];
}

/** A sample that saw more different values than this is likely to be of a column with very many. */
const FEW = 20_000;
/** Of wide data fewer are kept of each column, so that those of all columns fit into memory; 2,500 still are within 2 %. */
const FEW_OF_ALL = 1_000_000;
const LEAST_FEW = 2_500;
/** Past it, what cannot be read is not listed any more. */
export const MOST_REJECTS = 100_000;
const LONG_TEXT = 60;

/** CSV is read as texts, so that every value is proven and none stops the pass; other formats come with their types. */
export async function planPass(
  source: FileSource,
  session: DuckdbSession,
  sample: readonly ColumnFacts[],
  options: { readonly isThorough?: boolean } = {},
): Promise<Plan> {
  const guesses = new Map(sample.map((facts) => [facts.name, facts]));
  const isColumn = ({ name }: { readonly name: string }) => !isAbove(source, name);
  if (source.format !== "csv") {
    // JSON's types are guessed from its first rows; a later row that does not fit stops the pass, and then all are looked at.
    const scan = options.isThorough ? withOptions(scanOf(source), "sample_size = -1") : scanOf(source);
    const found = (await session.describe(`SELECT * FROM ${scan}`)).filter(isColumn);
    const shapes = await momentColumns(session, source, found, LOOKED_AT);
    return {
      // Moments that are not what the engine takes them for are read as what they are.
      scan: shapes.some((shape, i) => shape !== found[i]) ? scanOf(source, typesOf(shapes)) : scan,
      columns: shapes.map(({ name, sqlType }) => typedColumn(name, sqlType, guesses.get(name), shapes.length)),
    };
  }
  const found = await session
    .describe(`SELECT * FROM ${withOptions(scanOf(source), source.isDrifting ? "ignore_errors = true" : REJECTS)}`)
    .catch(async (failure: unknown) => {
      throw await explainRagged(failure, source);
    });
  const shapes = await momentColumns(session, source, found.filter(isColumn), LOOKED_AT);
  const texts = Object.fromEntries(shapes.map(({ name }) => [name, "VARCHAR"]));
  return {
    scan: source.isDrifting ? scanOfEach(source) : withOptions(scanOf(source, texts), REJECTS),
    columns: shapes.map(({ name, sqlType, format }) =>
      isPartition(source, name)
        ? typedColumn(name, sqlType, guesses.get(name), shapes.length)
        : writtenColumn(
            name,
            writtenKind(sqlType, source, guesses.get(name)),
            source,
            guesses.get(name),
            shapes.length,
            format,
          ),
    ),
  };
}

function typesOf(shapes: readonly Shape[]): Record<string, string> {
  return Object.fromEntries(shapes.map(({ name, sqlType }) => [name, sqlType]));
}

/** A number with separators of thousands is text to the engine, or another number. */
function writtenKind(sqlType: string, { text }: FileSource, guess: ColumnFacts | undefined): Kind {
  const kind = kindOf(sqlType, true);
  return text.thousands !== undefined && /^(text|int|float)$/.test(kind) ? kindOfPandas(guess?.type ?? "str") : kind;
}

function formOf({ text: { decimal, thousands } }: FileSource): NumberForm {
  return { decimal, thousands };
}

const REJECTS = `ignore_errors = true, store_rejects = true, rejects_limit = ${MOST_REJECTS}`;

/** The engine keeps no list of what does not read of files that it joins by name; of each file alone it does. */
function scanOfEach(source: FileSource): string {
  const scans = source.files.map((file) =>
    withOptions(scanOf({ ...source, files: [file] }), `${REJECTS}, all_varchar = true`),
  );
  return `(${scans.map((scan) => `SELECT * FROM ${scan}`).join(" UNION ALL BY NAME ")})`;
}

function typedColumn(name: string, sqlType: string, guess: ColumnFacts | undefined, width: number): PassColumn {
  const kind = kindOf(sqlType, false);
  const readsAs = kind === "text" ? guess?.readsAs : undefined;
  const declared =
    kind === "text" && sqlType !== "VARCHAR" ? pandasType(sqlType) : kind === "text" ? "str" : pandasType(sqlType);
  const measure = measureOf(name, readsAs ? kindOfPandas(readsAs) : kind, guess, width);
  return {
    measure: { ...measure, isWritten: readsAs !== undefined, isText: readsAs !== undefined },
    declared,
    remarks: [],
  };
}

/** A column of lines that write each value as what it is: nothing of it is a matter of reading. */
export function plainColumn(
  name: string,
  kind: Kind,
  declared: string,
  guess: ColumnFacts | undefined,
  width: number,
): PassColumn {
  return { measure: measureOf(name, kind, guess, width), declared, remarks: [] };
}

/** A column of a text file whose values were found to be of a kind. */
export function writtenColumn(
  name: string,
  kind: Kind,
  source: FileSource,
  guess: ColumnFacts | undefined,
  width: number,
  pattern?: string,
): PassColumn {
  const measure = measureOf(name, kind === "text" ? kindOfNearly(guess) : kind, guess, width);
  const hasZeros = kind === "text" && (guess === undefined || (guess.leadingZeros ?? 0) > 0);
  const format = pattern ?? (kind === "text" ? guess?.nearly?.format : undefined);
  const written = { ...measure, isWritten: true, hasZeros, form: formOf(source), pattern: format };
  return { measure: written, declared: undefined, remarks: [] };
}

function measureOf(name: string, kind: Kind, guess: ColumnFacts | undefined, width: number) {
  return {
    name,
    kind,
    scale: guess?.numbers?.scale ?? 2,
    share: shareOf(guess?.distinct ?? 0, width),
    isLong: (guess?.text?.longest ?? LONG_TEXT) >= LONG_TEXT,
    hasZeros: false,
    isWritten: false,
  };
}

/** As many hash values as keep about 20,000 different values in memory, fewer where there are many columns. */
function shareOf(distinct: number, width: number): number {
  const few = Math.max(LEAST_FEW, Math.min(FEW, FEW_OF_ALL / width));
  return distinct <= few ? 1 : 2 ** Math.ceil(Math.log2(distinct / few) + 1);
}

/** Text that is not a number, a bool or a date is text, times of day included. */
function kindOf(sqlType: string, isWritten: boolean): Kind {
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)$/.test(sqlType)) return "int";
  if (/^(FLOAT|DOUBLE)$/.test(sqlType)) return "float";
  if (sqlType === "BOOLEAN") return "bool";
  if (sqlType === "DATE") return "date";
  if (/^TIMESTAMP(TZ| WITH TIME ZONE)$/.test(sqlType)) return "timestamptz";
  if (/^TIMESTAMP/.test(sqlType)) return "timestamp";
  if (isWritten) return "text";
  if (/^DECIMAL\(\d+, ?\d+\)$/.test(sqlType)) return "decimal";
  return sqlType === "VARCHAR" || /^ENUM/.test(sqlType) || sqlType === "UUID" ? "text" : "nested";
}

function kindOfPandas(type: string): Kind {
  if (/^u?int/.test(type)) return "int";
  if (/^float/.test(type)) return "float";
  if (/UTC/.test(type)) return "timestamptz";
  if (/^datetime/.test(type)) return "timestamp";
  return type === "bool" || type === "date" ? type : "text";
}

/** What is a number but for a word such as NA is tried as one, so that the word can be told. */
function kindOfNearly(guess: ColumnFacts | undefined): Kind {
  const kind = kindOfPandas(guess?.nearly?.type ?? "str");
  return kind === "int" ? "float" : kind;
}
