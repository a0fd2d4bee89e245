import { nearest, UsageError } from "../../errors.ts";
import type { ScanColumn } from "../table.ts";

/**
 * Indexes in the table's columns of those that are asked for.
 *
 * @throws {UsageError} E_NO_COLUMN
 */
export function chosenColumns(columns: readonly ScanColumn[], names: readonly string[] | undefined): number[] {
  if (names === undefined) return columns.map((_, index) => index);
  const places = new Map(columns.map(({ name }, index) => [name, index]));
  return names.map((name) => places.get(name) ?? indexOfColumn(columns, name));
}

/** @throws {UsageError} E_NO_COLUMN */
export function indexOfColumn(columns: readonly ScanColumn[], name: string): number {
  const index = columns.findIndex((column) => column.name === name);
  if (index >= 0) return index;
  const names = columns.map((column) => column.name);
  const near = nearest(name, names);
  throw new UsageError("E_NO_COLUMN", `no column "${name}"`, {
    hint: near.length > 0 ? `did you mean ${near.join(" or ")}?` : `there are ${names.slice(0, 8).join(", ")}`,
  });
}
