import { DataError } from "../errors.ts";
import { inTurns } from "../pauses.ts";
import type { RunOptions } from "../progress.ts";
import { ScanRefused } from "../scan/refused.ts";
import { scanStatistics } from "../scan/scan-statistics.ts";
import { sniffTable } from "../scan/sniff.ts";
import type { ColumnFigures } from "../scan/statistics/column-figures.ts";
import type { Kind as ScanKind, ScanTable } from "../scan/table.ts";
import { ScanAhead } from "../scan/threads/scan-ahead.ts";
import { pandasTypeOf } from "../scan/types/pandas-type.ts";
import type { FileSource } from "../source/source.ts";
import type { ColumnFacts } from "./facts.ts";
import { factsOf, judge, operationOf, type PassColumn, type PassResult } from "./pass-facts.ts";
import type { Kind } from "./pass-sql.ts";
import { plainColumn, writtenColumn } from "./plan.ts";
import { figureOf } from "./scan-figures.ts";

export interface ScanPassOptions extends RunOptions {
  readonly threads?: number | undefined;
  readonly memoryLimit?: number | undefined;
}

/** The first character behind the digits: a word from it on is no moment. */
const AFTER_DIGITS = ":";

/** A column that is to be scanned. */
interface Task {
  readonly column: PassColumn;
  readonly type: ScanKind;
  readonly at: number;
}

/**
 * The pass over a text by the scanner, that over delimited text round by round as by the general engine. Undefined where that engine must
 * do it: what is wrong with rows is for it to list.
 */
export async function scanPass(
  source: FileSource,
  sample: readonly ColumnFacts[],
  options: ScanPassOptions,
): Promise<PassResult | undefined> {
  try {
    return await (source.format === "json" ? scanLines : runScans)(source, sample, options);
  } catch (failure) {
    // No engine reads what is damaged, and the general one takes long over the rows that damage makes.
    const isOfRows = failure instanceof DataError && failure.code !== "E_DAMAGED_FILE";
    if (failure instanceof ScanRefused || isOfRows) return undefined;
    throw failure;
  }
}

async function runScans(
  source: FileSource,
  sample: readonly ColumnFacts[],
  { signal, onProgress, threads, memoryLimit }: ScanPassOptions,
): Promise<PassResult> {
  using ahead = new ScanAhead(source, { signal, threads });
  const table = await sniffTable(source);
  const facts: (ColumnFacts | undefined)[] = table.columns.map(() => undefined);
  let todo = await tasksOf(source, table, sample);
  let [rows, rounds] = [0, 0];
  do {
    const operation = operationOf(rounds, todo.length);
    const types = new Map(todo.map(({ at, type }) => [at, type]));
    // Declared types take numbers with leading zeros, which are told apart by how they are written.
    const columns = table.columns.map((column, at) => ({
      ...column,
      type: types.get(at) ?? column.type,
      isDeclared: true,
    }));
    const { columns: found } = await scanStatistics(
      { ...table, columns },
      { columns: todo.map(({ column }) => column.measure.name), keepsMisfits: true },
      {
        signal,
        threads,
        memoryLimit,
        ahead,
        onProgress: onProgress && ((event) => onProgress({ ...event, operation })),
      },
    );
    const again: Task[] = [];
    await inTurns(todo, (task, i) => {
      const figures = found[i] as ColumnFigures;
      rows = figures.rows;
      const next = nextTask(task, figures);
      if (next) again.push(next);
      else facts[task.at] = factsOf(measured(task, figures, true), figureOf(task.column.measure, figures), rows);
    });
    todo = again;
    rounds++;
  } while (todo.length > 0);
  return { rows, facts: facts as ColumnFacts[], rounds };
}

/** Of JSON every value says what it is: one round tells all. */
async function scanLines(
  source: FileSource,
  sample: readonly ColumnFacts[],
  { signal, onProgress, threads, memoryLimit }: ScanPassOptions,
): Promise<PassResult> {
  using ahead = new ScanAhead(source, { signal, threads });
  const operation = operationOf(0, 0);
  const { columns, rows } = await scanStatistics(
    await sniffTable(source),
    {},
    { signal, threads, memoryLimit, ahead, onProgress: onProgress && ((event) => onProgress({ ...event, operation })) },
  );
  const guesses = new Map(sample.map((facts) => [facts.name, facts]));
  const facts = await inTurns(columns, (figures) => {
    const { name, type } = figures;
    const column = plainColumn(name, kindOf(type), pandasTypeOf(type), guesses.get(name), columns.length);
    const told = measured({ column, type, at: 0 }, figures, true);
    return factsOf(told, figureOf(told.measure, figures), rows);
  });
  return { rows, facts, rounds: 1 };
}

/**
 * Texts among the samples make a column text, but not if it begins with other values: those that come later are counted then,
 * and told.
 */
async function tasksOf(source: FileSource, table: ScanTable, sample: readonly ColumnFacts[]): Promise<Task[]> {
  const guesses = new Map(sample.map((facts) => [facts.name, facts]));
  const hasTexts = table.columns.some(({ type }) => type.kind === "text");
  const first = hasTexts ? await sniffTable(source, { ofFirstRows: true }) : table;
  return inTurns(table.columns, ({ name, type }, at) => {
    const guess = guesses.get(name);
    const found = type.kind === "text" ? (first.columns[at]?.type ?? type) : type;
    const kind = found.kind === "text" && guess?.type === "float64" ? "float" : kindOf(found);
    const format = "format" in found ? found.format : undefined;
    const column = writtenColumn(name, kind, source, guess, table.columns.length, format);
    return { column, type: typeOf(column.measure, found), at };
  });
}

function nextTask({ column, type, at }: Task, figures: ColumnFigures): Task | undefined {
  refuseUnlike(figures);
  // What has more decimals than the samples, or an exponent, still is a number.
  if (type.kind === "decimal" && figures.misfits) return { column, type: { kind: "double" }, at };
  const seen = measured({ column, type, at }, figures, false);
  const next = judge(seen, figureOf(seen.measure, figures));
  return next && { column: next, type: typeOf(next.measure, type), at };
}

/** The column as it turned out to be; what is told of it says whether its different values were counted, what is judged need not know. */
function measured({ column, type }: Task, { numbers, distinctExact }: ColumnFigures, isTold: boolean): PassColumn {
  const { measure } = column;
  const scale = numbers?.scale ?? measure.scale;
  const share = isTold && !distinctExact ? 2 : 1;
  return { ...column, measure: { ...measure, scale, share, hasDigits: type.kind === "double" } };
}

/** Where the general engine reads what the scanner does not, it must count the misfits. */
function refuseUnlike({ type, misfits, written }: ColumnFigures): void {
  if (type.kind === "timestamp" && misfits && misfits.least < AFTER_DIGITS)
    throw new ScanRefused("type", "moments that are written in several ways");
  if (/^[01]/.test(written?.spelled?.least ?? ""))
    throw new ScanRefused("type", "truth values that are written as digits");
}

function kindOf(type: ScanKind): Kind {
  if (type.kind === "decimal" || type.kind === "double") return "float";
  if (type.kind === "timestamp") return type.zoned ? "timestamptz" : "timestamp";
  return type.kind;
}

/** What a kind is scanned as; `found` is what the samples said. */
function typeOf({ kind, pattern }: PassColumn["measure"], found: ScanKind): ScanKind {
  if (kindOf(found) === kind) return found;
  switch (kind) {
    case "int":
    case "bool":
      return { kind };
    case "date":
      return { kind, format: pattern };
    case "float":
      return { kind: "double" };
    case "timestamp":
      return { kind, zoned: false, format: pattern };
    case "timestamptz":
      return { kind: "timestamp", zoned: true, format: pattern };
    default:
      return { kind: "text" };
  }
}
