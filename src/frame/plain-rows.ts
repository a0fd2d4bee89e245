import type { Column } from "./column.ts";
import { inferColumn } from "./infer.ts";

export type PlainRow = Readonly<Record<string, unknown>>;

/** Whether a value is a list of rows as objects, as what parsed JSON and most clients of databases give. */
export function isListOfRows(value: unknown): value is readonly PlainRow[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((row) => typeof row === "object" && row !== null && isPlain(row))
  );
}

/** A column for each key that any row has; one that a row does not have is null there. */
export function columnsOfRows(rows: readonly PlainRow[]): Column[] {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  return [...names].map((name) =>
    inferColumn(
      name,
      rows.map((row) => (Object.hasOwn(row, name) ? row[name] : null)),
    ),
  );
}

/** Whether an object is one of no class. */
export function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
