import { type ColumnInput, columnOfInput } from "../frame/input.ts";
import { declaredFormat, formOf, type MomentForm, momentForms, refuseOtherColumns } from "../source/moment-formats.ts";
import type { FileSource } from "../source/source.ts";
import { momentsInWords } from "../source/written-moments.ts";
import { momentOfText } from "./moment-text.ts";
import { isPartition, scanOf, withOptions } from "./scan.ts";
import type { DuckdbSession } from "./session.ts";
import { quoteName } from "./sql.ts";

/** A column as the engine finds it, and as its moments are to be read. */
export interface Shape {
  readonly name: string;
  readonly sqlType: string;
  /** From their texts: the engine's own format for moments is that of another column. */
  readonly isWritten?: boolean | undefined;
  /** Where they are not in ISO. */
  readonly format?: string | undefined;
  /** Of moments that may be others: what is to be said of it. */
  readonly doubt?: string | undefined;
}

/** What columns may be the first rows show, of wide files fewer; it is proven on all rows that are looked at. */
const MOST_CELLS = 20_000;
const MOST_ROWS = 1_000;
const LEAST_ROWS = 40;
const MOMENT = /^(DATE|TIMESTAMP)/;

/**
 * The columns with those moments that Outgrow finds in text. The engine itself takes one format for all columns of a file, reads years of two digits by it, and
 * has days in ISO as moments then. In JSON, of which it has looked at all rows, it takes more for moments than is in ISO, and drops their zones.
 *
 * @throws {UsageError} E_NO_COLUMN for the format of a column that is not there
 */
export async function momentColumns(
  session: DuckdbSession,
  source: FileSource,
  found: readonly Shape[],
  mostRows: number,
): Promise<Shape[]> {
  const { text } = source;
  const isJson = source.format === "json" && text.dateFormat === undefined;
  if (source.format !== "csv" && !isJson) return [...found];
  const names = found.map(({ name }) => name);
  refuseOtherColumns(text, names);
  const isOfAll = typeof text.dateFormat === "string";
  const shapes = found.map((shape) => withForm(shape, isOfAll ? undefined : declaredFormat(text, shape.name)));
  const open = shapes.filter(
    (shape) =>
      shape.format === undefined &&
      (isMoment(shape) || (shape.sqlType === "VARCHAR" && !isJson)) &&
      !isPartition(source, shape.name),
  );
  const looked = await lookAt(session, source, open, mostRows);
  const settled = shapes.map((shape) => looked.get(shape.name) ?? shape);
  const isOdd = looked.size > 0 || settled.some(({ format }) => format !== undefined);
  // JSON's are read as what they are said to be.
  return isOdd && !isJson ? settled.map((shape) => (isMoment(shape) ? { ...shape, isWritten: true } : shape)) : settled;
}

function isMoment({ sqlType }: Shape): boolean {
  return MOMENT.test(sqlType);
}

/** The columns that are something else than the engine says. */
async function lookAt(
  session: DuckdbSession,
  source: FileSource,
  shapes: readonly Shape[],
  mostRows: number,
): Promise<ReadonlyMap<string, Shape>> {
  if (shapes.length === 0) return new Map();
  const texts = await firstTexts(session, source, shapes);
  const odd = shapes.flatMap((shape, i) => {
    const forms = formsToTry(source, shape, texts[i] ?? []);
    return forms ? [{ shape, forms, texts: texts[i] ?? [] }] : [];
  });
  if (odd.length === 0) return new Map();
  const asked = odd.map(({ shape }) => shape);
  const rows = `(SELECT ${listOf(asked)} FROM ${textScan(source, asked)} LIMIT ${mostRows})`;
  const tests = odd.flatMap(({ shape: { name }, forms }) => forms.map((form) => misfits(quoteName(name), form)));
  const counts = await figures(session, tests, rows);
  let at = 0;
  const settled = odd.map(({ shape, forms, texts: seen }) => {
    const [form, ...others] = forms.filter(() => counts[at++] === 0);
    if (!form) return { ...shape, sqlType: "VARCHAR" };
    const isSure = others.length === 0 && forms.length > 1;
    const isDeclared = declaredFormat(source.text, shape.name) !== undefined;
    return { ...shaped(shape, form), doubt: isSure || isDeclared ? undefined : momentsInWords(seen)?.unsure };
  });
  return new Map(settled.map((shape) => [shape.name, shape]));
}

/** The first values of each column; an aggregate of each would take a megabyte of memory. */
async function firstTexts(session: DuckdbSession, source: FileSource, shapes: readonly Shape[]): Promise<string[][]> {
  const rows = Math.min(MOST_ROWS, Math.max(LEAST_ROWS, Math.ceil(MOST_CELLS / shapes.length)));
  const found = await textsOf(session, `SELECT ${listOf(shapes)} FROM ${textScan(source, shapes)} LIMIT ${rows}`);
  for (const [i, shape] of shapes.entries()) {
    if (found[i]?.length !== 0 || !isMoment(shape)) continue;
    const value = quoteName(shape.name);
    const scan = textScan(source, [shape]);
    const later = await textsOf(session, `SELECT ${value} FROM ${scan} WHERE ${value} IS NOT NULL LIMIT ${LEAST_ROWS}`);
    found[i] = later[0] ?? [];
  }
  return found;
}

async function textsOf(session: DuckdbSession, sql: string): Promise<string[][]> {
  const { columns } = await session.query(sql);
  return columns.map((column) => {
    const texts = columnOfInput(column as ColumnInput).toArray();
    return texts.flatMap((text) => (typeof text === "string" ? [text.trim()] : []));
  });
}

/** A row that does not read is for who reads them all. */
function textScan(source: FileSource, shapes: readonly Shape[]): string {
  const scan = scanOf(source, Object.fromEntries(shapes.map(({ name }) => [name, "VARCHAR"])));
  return source.format === "csv" && source.text.badRows !== "skip" ? withOptions(scan, "ignore_errors = true") : scan;
}

function listOf(shapes: readonly Shape[]): string {
  return shapes.map(({ name }) => quoteName(name)).join(", ");
}

/** What a column may be, nothing where it is text after all; undefined where it is what the engine says. */
function formsToTry({ format, text }: FileSource, { name, sqlType }: Shape, texts: readonly string[]) {
  if (texts.length === 0) return undefined;
  const all = momentForms(texts, declaredFormat(text, name));
  const forms = format === "json" ? all.filter((form) => form.format === undefined) : all;
  const [form] = forms;
  if (!form) return sqlType === "VARCHAR" ? undefined : forms;
  const isSame = form.format === undefined && sqlTypeOf(form) === sqlType.replace(/_(S|MS|NS)$/, "");
  return isSame ? undefined : forms;
}

function misfits(value: string, form: MomentForm): string {
  const moment = momentOfText(value, sqlTypeOf(form), form.format);
  return `count_if(${value} IS NOT NULL AND ${moment} IS NULL)`;
}

async function figures(session: DuckdbSession, list: readonly string[], rows: string): Promise<number[]> {
  if (list.length === 0) return [];
  const named = list.map((sql, i) => `CAST(${sql} AS DOUBLE) AS f${i}`);
  const { columns } = await session.query(`SELECT ${named.join(", ")} FROM ${rows}`);
  return columns.map(({ values }) => Number(values[0]));
}

function withForm(shape: Shape, format: string | undefined): Shape {
  return format === undefined ? shape : shaped(shape, formOf(format));
}

function shaped({ name }: Shape, form: MomentForm): Shape {
  return { name, sqlType: sqlTypeOf(form), format: form.format };
}

function sqlTypeOf(form: MomentForm): string {
  if (form.kind === "date") return "DATE";
  return form.zoned ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP";
}
