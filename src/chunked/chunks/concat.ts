import { UsageError } from "../../errors.ts";
import { type ColumnInput, columnsOf, type DataFrame, frameFromColumns, rowsOf } from "../../frame/frame.ts";
import { typeKey } from "../../frame/type-key.ts";

type Column = ReturnType<typeof columnsOf>[number];

/**
 * The rows of all frames below each other. Columns are found by name; where types differ, numbers become float64 and
 * everything else plain values.
 *
 * @throws {UsageError} E_MERGE when the frames have different columns
 */
export function concatFrames(frames: readonly DataFrame[]): DataFrame {
  const tables = frames.map((frame) => columnsOf(frame));
  const names = (tables[0] ?? []).map(({ name }) => name);
  const rows = frames.reduce((sum, frame) => sum + rowsOf(frame), 0);
  for (const [i, columns] of tables.entries()) requireSame(names, columns, i);
  const byName = tables.map((columns) => new Map(columns.map((column) => [column.name, column])));
  return frameFromColumns(
    names.map((name) =>
      concatColumn(
        name,
        byName.map((columns) => columns.get(name) as Column),
        rows,
      ),
    ),
  );
}

function requireSame(names: readonly string[], columns: readonly Column[], chunk: number): void {
  const own = new Set(columns.map(({ name }) => name));
  const odd = names.find((name) => !own.has(name)) ?? columns.find(({ name }) => !names.includes(name))?.name;
  if (odd !== undefined)
    throw new UsageError(
      "E_MERGE",
      `the frames cannot be stacked: chunk ${chunk + 1} differs from the first in column "${odd}"`,
      {
        hint: "give frames of the same columns in every chunk",
      },
    );
}

function concatColumn(name: string, parts: readonly Column[], rows: number): ColumnInput {
  const type = commonType(parts.map((part) => part.type));
  const [first, ...others] = parts.map((part) => part.arrowType);
  const isOneType = first && others.every((other) => other && typeKey(other) === typeKey(first));
  const arrowType = isOneType ? first : undefined;
  const typed = parts.map((part) => part.storage).filter(isPlainTyped);
  const isUniform =
    typed.length === parts.length &&
    parts.every((part) => part.type === type) &&
    new Set(typed.map(({ values }) => values.constructor)).size === 1;
  if (isUniform && typed[0]) {
    const values = new (typed[0].values.constructor as new (length: number) => Float64Array)(rows);
    let at = 0;
    for (const part of typed) {
      values.set(part.values as never, at);
      at += part.values.length;
    }
    return { name, type, values, arrowType };
  }
  const values: unknown[] = [];
  for (const part of parts) for (const value of part.toArray()) values.push(value);
  return { name, type, values, arrowType };
}

/** Typed values without nulls and without a dictionary: these are copied as blocks. */
function isPlainTyped(storage: Column["storage"]): storage is Column["storage"] & { values: Float64Array } {
  return ArrayBuffer.isView(storage.values) && !storage.validity && !storage.dictionary;
}

function commonType(types: readonly string[]): string {
  const distinct = [...new Set(types)];
  if (distinct.length === 1) {
    const only = distinct[0] as string;
    // Plain values of decimals are doubles.
    return only.startsWith("decimal") ? "float64" : only;
  }
  if (distinct.every((type) => /^u?int/.test(type))) return "int64";
  return distinct.every((type) => /^(u?int|float|decimal)/.test(type)) ? "float64" : "object";
}
