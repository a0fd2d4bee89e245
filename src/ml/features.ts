import { setImmediate as nextTurn } from "node:timers/promises";
import { DataError, nearest, UsageError } from "../errors.ts";
import type { Column } from "../frame/column.ts";
import { columnsOf, type DataFrame } from "../frame/frame.ts";
import { parseType } from "../frame/types.ts";
import { isNullAt, readerOf } from "../frame/view.ts";

/** More classes than this are a number to be predicted. */
const MOST_CLASSES = 100;

/**
 * Columns of numbers (and of true and false) as doubles.
 *
 * @throws {UsageError} E_ML_COLUMN, E_ML_TYPE
 * @throws {DataError} E_ML_MISSING
 */
export async function featuresOf(frame: DataFrame, names: readonly string[]): Promise<Float64Array[]> {
  if (names.length === 0)
    throw new UsageError("E_ML_COLUMN", "there are no features", { hint: "name columns to learn from" });
  const features: Float64Array[] = [];
  for (const name of names) {
    features.push(numbersOf(columnOf(frame, name)));
    await nextTurn();
  }
  return features;
}

function numbersOf({ name, type, view }: Column): Float64Array {
  if ((view.kind !== "number" || view.date) && view.kind !== "bool" && view.kind !== "bigint")
    throw new UsageError("E_ML_TYPE", `the feature "${name}" is ${type}, and a forest learns from numbers`, {
      hint: isTime(type)
        ? "make a number of it first, such as its year, or its time in days"
        : "make numbers of it first, for example one column of 0 and 1 for each of its values",
    });
  const values = view.kind === "bigint" ? Float64Array.from(view.values, Number) : new Float64Array(view.values);
  let missing = 0;
  for (let i = 0; i < values.length; i++) if (isNullAt(view, i) || Number.isNaN(values[i])) missing++;
  if (missing > 0) throw missingValues(name, missing);
  return values;
}

function isTime(type: string): boolean {
  return ["timestamp", "date"].includes(parseType(type).family);
}

/** The classes of a column in their order, and for each row the number of its class. */
export interface Labels {
  readonly classes: readonly unknown[];
  readonly codes: Uint16Array;
}

/**
 * @throws {UsageError} E_ML_COLUMN
 * @throws {DataError} E_ML_MISSING, E_ML_CLASSES
 */
export function labelsOf(frame: DataFrame, name: string): Labels {
  const column = columnOf(frame, name);
  const { view } = column;
  const read = readerOf(view);
  const numbers = new Map<unknown, number>();
  const values: unknown[] = [];
  const codes = new Uint16Array(column.length);
  let missing = 0;
  for (let i = 0; i < column.length; i++) {
    const value = isNullAt(view, i) ? null : read(i);
    if (value === null || Number.isNaN(value)) {
      missing++;
      continue;
    }
    const key = comparable(value);
    let number = numbers.get(key);
    if (number === undefined) {
      number = numbers.size;
      if (number === MOST_CLASSES) throw tooManyClasses(name);
      numbers.set(key, number);
      values.push(value);
    }
    codes[i] = number;
  }
  if (missing > 0) throw missingValues(name, missing);
  const classes = values.sort(ascending);
  if (classes.length < 2)
    throw new DataError(
      "E_ML_CLASSES",
      `the label "${name}" has ${classes.length === 0 ? "no rows" : `only ${String(classes[0])}`}`,
      {
        hint: "there is something to learn only where rows of two classes or more are given",
      },
    );
  const ranks = new Uint16Array(classes.length);
  for (const [rank, value] of classes.entries()) ranks[numbers.get(comparable(value)) as number] = rank;
  return { classes, codes: codes.map((code) => ranks[code] as number) };
}

function columnOf(frame: DataFrame, name: string): Column {
  const columns = columnsOf(frame);
  const column = columns.find((one) => one.name === name);
  if (column) return column;
  const names = columns.map((one) => one.name);
  const near = nearest(name, names);
  throw new UsageError("E_ML_COLUMN", `the frame has no column "${name}"`, {
    hint: near.length > 0 ? `did you mean ${near.join(" or ")}?` : `it has ${names.join(", ")}`,
  });
}

function missingValues(name: string, count: number): DataError {
  return new DataError(
    "E_ML_MISSING",
    `the column "${name}" has ${count} missing ${count === 1 ? "value" : "values"}`,
    {
      hint: "leave these rows out with dropNa(), or give them values with fillNa()",
    },
  );
}

function tooManyClasses(name: string): DataError {
  return new DataError("E_ML_CLASSES", `the label "${name}" has more than ${MOST_CLASSES} different values`, {
    hint: "a classifier learns a few classes; for a number take RandomForestRegressor on Spark",
  });
}

/** Dates are told apart by their time. */
export function comparable(value: unknown): unknown {
  return value instanceof Date ? value.getTime() : value;
}

function ascending(a: unknown, b: unknown): number {
  return (a as number) < (b as number) ? -1 : 1;
}
