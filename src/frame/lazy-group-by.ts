import { UsageError } from "../errors.ts";
import type { Column } from "./column.ts";
import { type DataFrame, danfo } from "./danfo.ts";
import type { FrameParts } from "./frame-state.ts";
import { findColumn, type GroupAggregate, groupBy, isColumnAggregate } from "./group-by.ts";
import { tagPartial } from "./partial.ts";

/** What a group-by needs of its frame. */
export interface GroupSource {
  readonly columns: readonly Column[];
  readonly dtypes: readonly string[];
  /** Makes the frame of a result. */
  frameOf(parts: FrameParts): DataFrame;
  /** The rows, for Danfo's own code. */
  rows(): unknown[];
}

interface StockGroupBy {
  colDict: Record<string, unknown>;
  keyToValue: Record<string, unknown>;
  data: unknown;
  groupColNames?: string[];
  group(): StockGroupBy;
  col(names?: string[]): StockGroupBy;
  operations(fn: string): DataFrame;
  agg(operations: Record<string, string | string[]>): DataFrame;
  readonly ngroups: number;
}

type StockArguments = [keys: string[], data: null, columns: string[], dtypes: string[], keyIndices: number[]];
type MakeGroupBy = (source: GroupSource, keys: readonly string[]) => object;
let make: MakeGroupBy | undefined;

/**
 * A Danfo group-by over columns. `sum`, `mean`, `count`, `min`, `max`, `std`, `var` and an `agg` of these or of `nunique` run
 * on the columns; any other method groups the rows and runs Danfo's own code.
 *
 * @throws {UsageError} E_NO_COLUMN, E_NO_KEYS
 */
export function lazyGroupBy(source: GroupSource, keys: readonly string[]): object {
  if (!Array.isArray(keys) || keys.length === 0)
    throw new UsageError("E_NO_KEYS", "groupby needs the names of its key columns", {
      hint: 'write df.groupby(["user_id"])',
    });
  for (const key of keys) findColumn(source.columns, key);
  make ??= defineLazyGroupBy();
  return make(source, keys);
}

function defineLazyGroupBy(): MakeGroupBy {
  const Stock = stockGroupBy();

  class LazyGroupBy extends Stock {
    readonly #source: GroupSource;
    readonly #keys: readonly string[];
    readonly #chosen: readonly string[] | undefined;
    #grouped: StockGroupBy | undefined;

    constructor(source: GroupSource, keys: readonly string[], chosen?: readonly string[]) {
      const names = source.columns.map((column) => column.name);
      super(
        [...keys],
        null,
        names,
        [...source.dtypes],
        keys.map((key) => names.indexOf(key)),
      );
      this.#source = source;
      this.#keys = keys;
      this.#chosen = chosen;
      if (chosen) this.groupColNames = [...chosen];
    }

    // Danfo's own methods read these two; they are made when the first of them asks.
    override get colDict(): Record<string, unknown> {
      return this.#stock().colDict;
    }

    override set colDict(_groups: Record<string, unknown>) {}

    override get keyToValue(): Record<string, unknown> {
      return this.#stock().keyToValue;
    }

    override set keyToValue(_keys: Record<string, unknown>) {}

    override col(names?: string[]): StockGroupBy {
      return new LazyGroupBy(this.#source, this.#keys, names ?? this.#values());
    }

    override operations(fn: string): DataFrame {
      if (!isColumnAggregate(fn)) return super.operations(fn);
      return this.#run((this.#chosen ?? this.#values()).map((column) => ({ column, fn })));
    }

    override agg(operations: Record<string, string | string[]>): DataFrame {
      const wanted = Object.entries(operations).flatMap(([column, fns]) => [fns].flat().map((fn) => ({ column, fn })));
      const onColumns = wanted.filter((item): item is GroupAggregate => isColumnAggregate(item.fn));
      return onColumns.length === wanted.length ? this.#run(onColumns) : super.agg(operations);
    }

    override get ngroups(): number {
      return groupBy(this.#source.columns, this.#keys, []).groups;
    }

    #run(aggregates: readonly GroupAggregate[]): DataFrame {
      const grouped = groupBy(this.#source.columns, this.#keys, aggregates);
      const parts: FrameParts = {
        columns: grouped.columns,
        get length() {
          return grouped.groups;
        },
      };
      return tagPartial(this.#source.frameOf(parts), grouped.partial);
    }

    #values(): string[] {
      return this.#source.columns.map((column) => column.name).filter((name) => !this.#keys.includes(name));
    }

    #stock(): StockGroupBy {
      if (!this.#grouped) {
        const { columns, dtypes } = this.#source;
        const names = columns.map((column) => column.name);
        const indices = this.#keys.map((key) => names.indexOf(key));
        const whole = new Stock([...this.#keys], this.#source.rows() as never, names, [...dtypes], indices).group();
        this.#grouped = this.#chosen ? whole.col([...this.#chosen]) : whole;
      }
      return this.#grouped;
    }
  }

  return (source, keys) => new LazyGroupBy(source, keys);
}

/** Danfo does not export its class. */
function stockGroupBy(): new (...args: StockArguments) => StockGroupBy {
  const { DataFrame } = danfo();
  return new DataFrame({ key: [0], value: [0] }).groupby(["key"]).constructor as never;
}
