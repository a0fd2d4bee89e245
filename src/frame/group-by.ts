import { nearest, UsageError } from "../errors.ts";
import { aggregate, COLUMN_AGGREGATES, type ColumnAggregate, type Participants, participantsOf } from "./aggregate.ts";
import { Column, type NumberArray } from "./column.ts";
import { finishAggregate, finishedType } from "./finish.ts";
import { groupRows } from "./group.ts";
import type { Partial, PartialAggregate, PartialKey } from "./partial.ts";
import { sortRows } from "./sort.ts";
import { isNumeric } from "./types.ts";
import { isNullAt, type View } from "./view.ts";

/** One aggregate of a group-by: `{ column: "amount", fn: "sum" }`, named as Danfo names it, `amount_sum`. */
export interface GroupAggregate {
  readonly column: string;
  readonly fn: ColumnAggregate;
}

export interface GroupResult {
  /** Keys first, then aggregates; rows sorted by key, null last. Sorted when first read: a merge of partials needs no order. */
  readonly columns: readonly Column[];
  readonly groups: number;
  readonly partial: Partial;
}

/**
 * Groups columns by a tuple of keys. A null key is a group; nulls take no part in aggregates; NaN is a value.
 *
 * @throws {UsageError} E_NO_COLUMN, E_NOT_NUMERIC
 */
export function groupBy(
  columns: readonly Column[],
  keys: readonly string[],
  aggregates: readonly GroupAggregate[],
): GroupResult {
  const keyColumns = keys.map((name) => findColumn(columns, name));
  const inputs = aggregates.map((wanted) => checkAggregate(findColumn(columns, wanted.column), wanted.fn));
  const length = columns[0]?.length ?? 0;
  const views = keyColumns.map((column) => column.view);
  const { ids, groups, firstRows } = groupRows(views, length);
  const participants = new Map<Column, Participants>();
  const states = inputs.map(({ column, fn }): PartialAggregate => {
    const input = { view: column.view, ids, groups, length };
    const shared = participants.get(column) ?? participantsOf(input);
    participants.set(column, shared);
    const { name, type } = column;
    return { name: `${name}_${fn}`, column: name, type, state: aggregate(fn, input, shared) };
  });
  let sorted: Uint32Array | undefined;
  const order = () => {
    sorted ??= sortRows(views, firstRows);
    return sorted;
  };
  return {
    groups,
    partial: { keys: keyColumns.map((column) => partialKey(column, firstRows)), groups, aggregates: states },
    columns: [
      ...keyColumns.map((column) =>
        lazily(column, groups, () => column.take(order().map((group) => firstRows[group] as number))),
      ),
      ...states.map((state) =>
        lazily({ name: state.name, type: finishedType(state) }, groups, () => finishAggregate(state).take(order())),
      ),
    ],
  };
}

function lazily(
  { name, type, arrowType }: Pick<Column, "name" | "type"> & { readonly arrowType?: Column["arrowType"] },
  length: number,
  make: () => Column,
): Column {
  return new Column(name, type, length, () => make().storage, arrowType);
}

/** A key's values are made when a merge asks for them. */
function partialKey(column: Column, firstRows: Uint32Array): PartialKey {
  const { name, type, view } = column;
  let values: ArrayLike<unknown> | undefined;
  return {
    name,
    type,
    get values() {
      values ??= view.kind === "number" && !view.date && !view.bits ? numbersAt(view.values, firstRows) : plainAt();
      return values;
    },
    coded: view.kind === "codes" ? codedAt(view, firstRows) : undefined,
  };

  function plainAt(): unknown[] {
    return column.take(firstRows).toArray();
  }
}

function codedAt(view: Extract<View, { kind: "codes" }>, rows: Uint32Array): PartialKey["coded"] {
  const { values, dictionary } = view;
  return { codes: Int32Array.from(rows, (row) => (isNullAt(view, row) ? -1 : (values[row] as number))), dictionary };
}

function numbersAt(values: NumberArray, rows: Uint32Array): Float64Array {
  const taken = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i] as number] as number;
  return taken;
}

/** Finds a column or names those that look like it. */
export function findColumn(columns: readonly Column[], name: string): Column {
  const found = columns.find((column) => column.name === name);
  if (found) return found;
  const names = columns.map((column) => column.name);
  const near = nearest(name, names);
  throw new UsageError("E_NO_COLUMN", `there is no column "${name}"`, {
    hint:
      near.length > 0
        ? `did you mean ${near.map((known) => `"${known}"`).join(" or ")}?`
        : `the columns are ${names.join(", ")}`,
  });
}

function checkAggregate(
  column: Column,
  fn: ColumnAggregate,
): { readonly column: Column; readonly fn: ColumnAggregate } {
  const needsNumbers = fn === "sum" || fn === "mean" || fn === "var" || fn === "std";
  const { kind } = column.view;
  const isNumber =
    (kind === "number" && !column.view.date) || kind === "bigint" || kind === "bool" || isNumeric(column.type);
  if (needsNumbers && !isNumber)
    throw new UsageError("E_NOT_NUMERIC", `${fn} needs numbers, and column "${column.name}" is ${column.type}`, {
      hint: "leave it out with .col([…]), or use count, min, max or nunique",
    });
  return { column, fn };
}

/** Whether an aggregate of Danfo's group-by is one that runs on columns. */
export function isColumnAggregate(name: unknown): name is ColumnAggregate {
  return (COLUMN_AGGREGATES as readonly unknown[]).includes(name);
}
