import { nearest, UsageError } from "../errors.ts";
import { aggregate, COLUMN_AGGREGATES, type ColumnAggregate, type Participants, participantsOf } from "./aggregate.ts";
import { isSet } from "./bits.ts";
import { Column } from "./column.ts";
import { finishAggregate, finishedType } from "./finish.ts";
import { groupRows } from "./group.ts";
import { NOTHING, type Partial, type PartialAggregate, type PartialKey } from "./partial.ts";
import { sortRows } from "./sort.ts";
import { isMoment, isNumeric } from "./types.ts";
import { ungrouped, type Wanted } from "./ungrouped.ts";
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
 * Groups columns by a tuple of keys. A null key is a group; nulls take no part in aggregates; NaN is a value. Where nearly every row is a group of its
 * own the rows are grouped when somebody reads them, which a merge need not do.
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
  const rows = ungrouped(keyColumns, inputs, length);
  const groups = new Groups(keyColumns, inputs, length);
  return {
    get groups() {
      return groups.partial.groups;
    },
    partial: rows ? groups.lazily(rows) : groups.partial,
    columns: groups.columns((rows ?? groups.partial).aggregates),
  };
}

/** The groups of some rows, made when they are first asked for. */
class Groups {
  readonly #keys: readonly Column[];
  readonly #wanted: readonly Wanted[];
  readonly #length: number;
  #firstRows: Uint32Array = new Uint32Array(0);
  #partial: Partial | undefined;
  #order: Uint32Array | undefined;

  constructor(keys: readonly Column[], wanted: readonly Wanted[], length: number) {
    this.#keys = keys;
    this.#wanted = wanted;
    this.#length = length;
  }

  get partial(): Partial {
    this.#partial ??= this.#group();
    return this.#partial;
  }

  /** The partial, made when it is read, with what merges without it. */
  lazily(rows: Partial): Partial {
    const partial = () => this.partial;
    return {
      get keys() {
        return partial().keys;
      },
      get groups() {
        return partial().groups;
      },
      get aggregates() {
        return partial().aggregates;
      },
      ungrouped: rows,
    };
  }

  /** The columns of the result, of the aggregates' names and types. */
  columns(aggregates: readonly PartialAggregate[]): readonly Column[] {
    const lazily = ({ name, type, arrowType }: Pick<Column, "name" | "type" | "arrowType">, make: () => Column) =>
      new Column(
        name,
        type,
        () => this.partial.groups,
        () => make().storage,
        arrowType,
      );
    return [
      ...this.#keys.map((column) =>
        lazily(column, () => column.take(this.#sorted.map((group) => this.#firstRows[group] as number))),
      ),
      ...aggregates.map((aggregate, i) =>
        lazily({ name: aggregate.name, type: finishedType(aggregate), arrowType: undefined }, () =>
          finishAggregate(this.partial.aggregates[i] as PartialAggregate).take(this.#sorted),
        ),
      ),
    ];
  }

  get #sorted(): Uint32Array {
    const { groups } = this.partial;
    this.#order ??= sortRows(
      this.#keys.map(({ exactView }) => exactView),
      this.#firstRows.subarray(0, groups),
    );
    return this.#order;
  }

  #group(): Partial {
    const length = this.#length;
    const { ids, groups, firstRows } = groupRows(
      this.#keys.map(({ exactView }) => exactView),
      length,
    );
    this.#firstRows = firstRows;
    const participants = new Map<Column, Participants>();
    const aggregates = this.#wanted.map(({ column, fn }): PartialAggregate => {
      const input = { view: column.exactView, ids, groups, length };
      const shared = participants.get(column) ?? participantsOf(input);
      participants.set(column, shared);
      const { name } = column;
      const type = isVoid(column) ? NOTHING : column.type;
      return { name: `${name}_${fn}`, column: name, type, state: aggregate(fn, input, shared) };
    });
    return { keys: this.#keys.map((column) => partialKey(column, firstRows)), groups, aggregates };
  }
}

/** A key's values are made when a merge asks for them. */
function partialKey(column: Column, firstRows: Uint32Array): PartialKey {
  const { name, type, exactView: view } = column;
  let values: ArrayLike<unknown> | undefined;
  return {
    name,
    type,
    get values() {
      values ??= view.kind === "number" ? numbersAt(view, firstRows) : plainAt(view);
      return values;
    },
    coded: view.kind === "codes" ? codedAt(view, firstRows) : undefined,
  };

  function plainAt({ kind, values: counts }: View): unknown[] {
    // Of moments the plain values are dates, which are less.
    if (kind !== "bigint") return column.take(firstRows).toArray();
    return Array.from(firstRows, (row) => (isNullAt(view, row) ? null : counts[row]));
  }
}

function codedAt(view: Extract<View, { kind: "codes" }>, rows: Uint32Array): PartialKey["coded"] {
  const { values, dictionary } = view;
  return { codes: Int32Array.from(rows, (row) => (isNullAt(view, row) ? -1 : (values[row] as number))), dictionary };
}

function numbersAt({ values, bits }: Extract<View, { kind: "number" }>, rows: Uint32Array): ArrayLike<number | null> {
  if (bits && !rows.every((row) => isSet(bits, row)))
    return Array.from(rows, (row) => (isSet(bits, row) ? (values[row] as number) : null));
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

function checkAggregate(column: Column, fn: ColumnAggregate): Wanted {
  const needsNumbers = fn === "sum" || fn === "mean" || fn === "var" || fn === "std";
  const { kind } = column.view;
  const isNumber =
    !isMoment(column.type) && (kind === "number" || kind === "bigint" || kind === "bool" || isNumeric(column.type));
  if (needsNumbers && !isNumber && !isVoid(column))
    throw new UsageError("E_NOT_NUMERIC", `${fn} needs numbers, and column "${column.name}" is ${column.type}`, {
      hint: "leave it out with .col([…]), or use count, min, max or nunique",
    });
  return { column, fn };
}

/** Whether a column that could be of anything has no value at all: then it is of numbers, as in pandas. */
function isVoid({ view, length }: Column): boolean {
  if (view.kind !== "object" && view.kind !== "codes") return false;
  for (let i = 0; i < length; i++) if (!isNullAt(view, i)) return false;
  return true;
}

/** Whether an aggregate of Danfo's group-by is one that runs on columns. */
export function isColumnAggregate(name: unknown): name is ColumnAggregate {
  return (COLUMN_AGGREGATES as readonly unknown[]).includes(name);
}
