import type { Column } from "./column.ts";
import { danfo, type Series, type StockInternals } from "./danfo.ts";
import { inferColumn } from "./infer.ts";
import { type Labels, labelsOf, sliceLabels } from "./labels.ts";
import { canReduce, REDUCTIONS, type Reduction, reduce, reducedValue } from "./reduce.ts";
import { danfoType } from "./types.ts";

type StockSeries = StockInternals &
  Record<Reduction, () => unknown> & {
    head(rows?: number): StockSeries;
    tail(rows?: number): StockSeries;
  };

type MakeSeries = (column: Column, labels: Labels) => Series;
let make: MakeSeries | undefined;

/**
 * A Danfo series over a column. `values`, `shape`, `head`, `tail`, `sum`, `mean`, `min`, `max`, `count`, `std` and `var` run on
 * the column; whatever else is asked of it runs Danfo's own code on its plain values.
 */
export function lazySeries(column: Column, labels: Labels): Series {
  make ??= defineLazySeries();
  return make(column, labels);
}

function defineLazySeries(): MakeSeries {
  const Stock = danfo().Series as unknown as new () => StockSeries;

  class LazySeries extends Stock {
    #column: Column;
    #labels: Labels;
    #edited: unknown[] | undefined;

    constructor(column: Column, labels: Labels) {
      super();
      this.#column = column;
      this.#labels = labels;
      this.$columns = [column.name];
      this.$dtypes = [danfoType(column.type)];
    }

    static {
      for (const fn of REDUCTIONS) {
        const value = function (this: LazySeries) {
          return this.#reduce(fn);
        };
        Object.defineProperty(LazySeries.prototype, fn, { value, configurable: true, writable: true });
      }
    }

    // Danfo's constructor writes these fields before the private ones exist.
    override get $data(): unknown[] {
      return #column in this ? (this.#edited ?? this.#column.toArray()) : [];
    }

    override set $data(values: unknown[]) {
      if (!(#column in this)) return;
      this.#edited = values;
      this.#column = inferColumn(this.$columns[0] ?? "0", values);
    }

    override get $dataIncolumnFormat(): unknown[][] {
      return this.$data as unknown[][];
    }

    override set $dataIncolumnFormat(_values: unknown[][]) {}

    override get $index(): (string | number)[] {
      if (!(#labels in this)) return [];
      if (!Array.isArray(this.#labels)) this.#labels = labelsOf(this.#labels, this.#column.length);
      return this.#labels as (string | number)[];
    }

    override set $index(labels: (string | number)[]) {
      if (#labels in this) this.#labels = labels;
    }

    override get shape(): number[] {
      return [#column in this ? this.#column.length : 0, 1];
    }

    override head(rows = 5): StockSeries {
      return rows > 0 ? this.#slice(0, Math.min(rows, this.#column.length)) : super.head(rows);
    }

    override tail(rows = 5): StockSeries {
      return rows > 0 ? this.#slice(Math.max(0, this.#column.length - rows), this.#column.length) : super.tail(rows);
    }

    #slice(from: number, to: number): StockSeries {
      return new LazySeries(this.#column.slice(from, to), sliceLabels(this.#labels, from, to));
    }

    /** Danfo refuses the arithmetic of texts itself. */
    #reduce(fn: Reduction): unknown {
      return canReduce(this.#column, fn) ? reducedValue(reduce(this.#column, fn)) : super[fn]();
    }

    /** Its column, for the code that need not read values. */
    static columnOf(series: object): Column | undefined {
      return #column in series ? series.#column : undefined;
    }
  }

  columnOf = LazySeries.columnOf;
  return (column, labels) => new LazySeries(column, labels) as unknown as Series;
}

let columnOf: ((series: object) => Column | undefined) | undefined;

/** The column under a series, of a stock one by a look at all of its values. */
export function columnOfSeries(series: Series): Column {
  const known = columnOf?.(series);
  const { $data, $columns } = series as unknown as StockInternals;
  const [name = "0"] = typeof $columns === "string" ? [$columns] : $columns;
  return (known ?? inferColumn(name, $data)).named(name);
}
