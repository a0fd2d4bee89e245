import { inspect } from "node:util";
import type { Column } from "./column.ts";
import { type DataFrame, danfo, isSeries, type StockInternals } from "./danfo.ts";
import { type FrameParts, FrameState } from "./frame-state.ts";
import { inferColumn } from "./infer.ts";
import { lazyGroupBy } from "./lazy-group-by.ts";
import { columnOfSeries, lazySeries } from "./lazy-series.ts";
import { tagPartial } from "./partial.ts";
import { canReduce, REDUCTIONS, type Reduction, reduce, reducedValue } from "./reduce.ts";
import { pickMasked, pickRows } from "./rows.ts";
import { danfoType } from "./types.ts";

type AxisOptions = { readonly axis?: number };
type AddOptions = { readonly inplace?: boolean; readonly atIndex?: number | string };
type Selection = { readonly rows?: unknown; readonly columns?: unknown };

type StockFrame = StockInternals &
  Record<Reduction, (options?: AxisOptions) => unknown> & {
    $setInternalColumnDataProperty(column?: string): void;
    $getColumnData(column: string, asSeries?: boolean): unknown;
    $setColumnData(column: string, values: unknown): void;
    addColumn(column: string, values: unknown, options?: AddOptions): unknown;
    copy(): unknown;
    head(rows?: number): unknown;
    tail(rows?: number): unknown;
    iloc(selection: Selection): unknown;
    loc(selection: Selection): unknown;
    query(condition: unknown, options?: { readonly inplace?: boolean }): unknown;
    groupby(keys: string[]): object;
    toString(): string;
  };

interface FrameClass {
  make(parts: FrameParts): DataFrame;
  partsOf(frame: object): FrameParts | undefined;
  isEdited(frame: object): boolean | undefined;
}

let defined: FrameClass | undefined;

/** The class of lazy frames, made when the first is: it extends Danfo's, which is loaded for it. */
export function frameClass(): FrameClass {
  defined ??= defineLazyFrame();
  return defined;
}

/** The same, undefined as long as no lazy frame was ever made. */
export function frameClassIfAny(): FrameClass | undefined {
  return defined;
}

function defineLazyFrame(): FrameClass {
  const Stock = danfo().DataFrame as unknown as new () => StockFrame;

  class LazyFrame extends Stock {
    readonly #state: FrameState;

    constructor(parts: FrameParts) {
      super();
      this.#state = new FrameState(parts);
      this.$dtypes = parts.columns.map((column) => danfoType(column.type));
      this.$setInternalColumnDataProperty();
    }

    static {
      for (const fn of REDUCTIONS) {
        const value = function (this: LazyFrame, options?: AxisOptions) {
          return this.#reduce(fn, options);
        };
        Object.defineProperty(LazyFrame.prototype, fn, { value, configurable: true, writable: true });
      }
    }

    // Danfo's methods read and write these four fields, its constructor before there is a state.
    override get $columns(): string[] {
      return #state in this ? this.#state.names : [];
    }

    override set $columns(names: string[]) {
      if (#state in this) this.#state.rename(names);
    }

    override get $data(): unknown[][] {
      return #state in this ? this.#state.rows : [];
    }

    override set $data(rows: unknown[][]) {
      if (#state in this) this.#state.editRows(rows);
    }

    override get $dataIncolumnFormat(): unknown[][] {
      return this.#state.arrays;
    }

    override set $dataIncolumnFormat(arrays: unknown[][]) {
      if (#state in this) this.#state.arrays = arrays;
    }

    override get $index(): (string | number)[] {
      return #state in this ? this.#state.labels : [];
    }

    override set $index(labels: (string | number)[]) {
      if (#state in this) this.#state.labels = labels;
    }

    override get shape(): number[] {
      return #state in this ? [this.#state.length, this.#state.width] : [0, 0];
    }

    /** A column named like something that a frame has already (`values`, `shape`) is reached by `column(name)`. */
    override $setInternalColumnDataProperty(only?: string): void {
      if (!(#state in this)) return;
      for (const name of only === undefined ? this.#state.names : [only]) {
        if (name in Stock.prototype || name.startsWith("$")) continue;
        Object.defineProperty(this, name, {
          configurable: true,
          get: () => this.$getColumnData(name),
          set: (values) => this.$setColumnData(name, values),
        });
      }
    }

    override $getColumnData(name: string, asSeries = true): unknown {
      const { columns, labels } = this.#state.parts;
      const column = columns[this.#state.names.indexOf(name)];
      if (!column) return super.$getColumnData(name, asSeries);
      return asSeries ? lazySeries(column, labels) : column.toArray();
    }

    override $setColumnData(name: string, values: unknown): void {
      const column = this.#newColumn(name, values);
      const at = this.#state.names.indexOf(name);
      if (!column || at < 0) super.$setColumnData(name, values);
      else this.#edit(this.#state.parts.columns.with(at, column));
    }

    override addColumn(name: string, values: unknown, options: AddOptions = {}): unknown {
      const { names, parts } = this.#state;
      const column = name ? this.#newColumn(name, values) : undefined;
      const { atIndex = names.length, inplace = false } = options;
      const at = typeof atIndex === "string" ? names.indexOf(atIndex) : atIndex;
      if (!column || at < 0 || names.includes(name)) return super.addColumn(name, values, options);
      const columns = parts.columns.toSpliced(at, 0, column);
      if (!inplace) return new LazyFrame({ ...parts, columns, table: undefined });
      this.#edit(columns);
      this.$setInternalColumnDataProperty(name);
      return undefined;
    }

    override copy(): unknown {
      return new LazyFrame(this.#state.parts);
    }

    override head(rows = 5): unknown {
      if (!(rows > 0)) return super.head(rows);
      return new LazyFrame(this.#state.slice(0, Math.min(rows, this.#state.length)));
    }

    override tail(rows = 5): unknown {
      if (!(rows > 0)) return super.tail(rows);
      return new LazyFrame(this.#state.slice(Math.max(0, this.#state.length - rows), this.#state.length));
    }

    override query(condition: unknown, options?: { readonly inplace?: boolean }): unknown {
      const rows = pickMasked(condition, this.#state.length);
      return rows && !options?.inplace ? new LazyFrame(this.#state.take(rows)) : super.query(condition, options);
    }

    override iloc(selection: Selection): unknown {
      const rows = pickRows(selection.rows, this.#state.length);
      return rows && selection.columns === undefined ? new LazyFrame(this.#state.take(rows)) : super.iloc(selection);
    }

    override loc(selection: Selection): unknown {
      const { names, parts } = this.#state;
      const { rows, columns: wanted } = selection;
      const mask = rows === undefined ? undefined : pickMasked(rows, parts.length);
      const isChoice = wanted === undefined || (Array.isArray(wanted) && wanted.every((name) => names.includes(name)));
      if (!isChoice || (rows !== undefined && !mask)) return super.loc(selection);
      const columns = (wanted ?? names).map((name) => parts.columns[names.indexOf(name)] as Column);
      const state = new FrameState({ ...parts, columns, table: wanted ? undefined : parts.table });
      return new LazyFrame(mask ? state.take(mask) : state.parts);
    }

    override groupby(keys: string[]): object {
      const frameOf = (parts: FrameParts) => new LazyFrame(parts) as unknown as DataFrame;
      const { columns } = this.#state.parts;
      return lazyGroupBy({ columns, dtypes: this.$dtypes, frameOf, rows: () => this.$data }, keys);
    }

    /** Danfo looks at all rows to print the first ten. */
    override toString(): string {
      const { getMaxRow } = this.$config;
      if (this.#state.length <= getMaxRow + 1) return super.toString();
      return new LazyFrame(this.#state.slice(0, getMaxRow + 1)).toString();
    }

    [inspect.custom](): string {
      return this.toString();
    }

    /** Down the columns; along the rows, and over columns that hold no numbers, Danfo's own code. */
    #reduce(fn: Reduction, options?: AxisOptions): unknown {
      const { columns } = this.#state.parts;
      if (options?.axis !== 0 || !columns.every((column) => canReduce(column, fn))) return super[fn](options);
      const aggregates = columns.map((column) => reduce(column, fn));
      const index = [...this.#state.names];
      const series = new (danfo().Series)(aggregates.map(reducedValue) as number[], { index });
      return tagPartial(series, { keys: [], groups: 1, aggregates });
    }

    #newColumn(name: string, values: unknown): Column | undefined {
      if (!isSeries(values) && !Array.isArray(values)) return undefined;
      const column = isSeries(values) ? columnOfSeries(values).named(name) : inferColumn(name, values);
      return column.length === this.#state.length ? column : undefined;
    }

    #edit(columns: readonly Column[]): void {
      this.#state.editColumns(columns);
      this.$dtypes = columns.map((column) => danfoType(column.type));
    }

    static partsOf(frame: object): FrameParts | undefined {
      return #state in frame ? frame.#state.parts : undefined;
    }

    static isEdited(frame: object): boolean | undefined {
      return #state in frame ? frame.#state.edited : undefined;
    }
  }

  return {
    make: (parts) => new LazyFrame(parts) as unknown as DataFrame,
    partsOf: LazyFrame.partsOf,
    isEdited: LazyFrame.isEdited,
  };
}
