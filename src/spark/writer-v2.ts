import { columnOnly, nameText } from "./check.ts";
import type { Column } from "./column.ts";
import { type Columns, columnExpressions } from "./expressions.ts";
import { type Options, type OptionValue, optionTexts } from "./options.ts";
import { planOf, type SparkPlan } from "./plan.ts";
import type { ActionOptions } from "./query.ts";
import { withoutSubqueries } from "./references.ts";

const MODES = { create: 1, overwrite: 2, overwritePartitions: 3, append: 4, replace: 5, createOrReplace: 6 } as const;

interface State {
  readonly provider?: string;
  readonly options: Readonly<Record<string, string>>;
  readonly tableProperties: Readonly<Record<string, string>>;
  readonly partitioningColumns?: ReturnType<typeof columnExpressions>;
  readonly clusteringColumns?: string[];
}

/** Writes a frame to a table of the catalog, one word for each way: `df.writeTo("sales").using("parquet").create()`. */
export class DataFrameWriterV2 {
  readonly #frame: SparkPlan;
  readonly #table: string;
  readonly #state: State;

  constructor(frame: SparkPlan, table: string, state: State = { options: {}, tableProperties: {} }) {
    this.#frame = frame;
    this.#table = nameText(table, "the table");
    this.#state = state;
  }

  /** The format of a table that is made. */
  using(provider: string): DataFrameWriterV2 {
    return this.#with({ provider: nameText(provider, "the provider") });
  }

  option(name: string, value: OptionValue): DataFrameWriterV2 {
    return this.options({ [name]: value });
  }

  options(options: Options): DataFrameWriterV2 {
    return this.#with({ options: { ...this.#state.options, ...optionTexts(options) } });
  }

  tableProperty(name: string, value: string): DataFrameWriterV2 {
    return this.#with({ tableProperties: { ...this.#state.tableProperties, ...optionTexts({ [name]: value }) } });
  }

  /** Columns, or `F.partitioning.days(...)` and its like of columns, that the table is kept in parts by. */
  partitionedBy(...columns: readonly Columns[]): DataFrameWriterV2 {
    return this.#with({ partitioningColumns: columnExpressions(columns) });
  }

  clusterBy(...columns: readonly string[]): DataFrameWriterV2 {
    return this.#with({ clusteringColumns: columns.map((name) => nameText(name, "a column")) });
  }

  /** Makes a new table. */
  create(action?: ActionOptions): Promise<void> {
    return this.#write("create", action);
  }

  /** Makes a table in the place of one that is there. */
  replace(action?: ActionOptions): Promise<void> {
    return this.#write("replace", action);
  }

  createOrReplace(action?: ActionOptions): Promise<void> {
    return this.#write("createOrReplace", action);
  }

  append(action?: ActionOptions): Promise<void> {
    return this.#write("append", action);
  }

  /**
   * Replaces the rows for which a condition is true.
   *
   * @throws {UsageError} E_SPARK_ARGUMENT for a condition with a subquery
   */
  overwrite(condition: Column, action?: ActionOptions): Promise<void> {
    return this.#write("overwrite", action, columnOnly(condition, "the condition"));
  }

  /** Replaces the parts of the table that the frame has rows for. */
  overwritePartitions(action?: ActionOptions): Promise<void> {
    return this.#write("overwritePartitions", action);
  }

  async #write(mode: keyof typeof MODES, action?: ActionOptions, condition?: Column): Promise<void> {
    const { client, relation } = planOf(this.#frame);
    const value = {
      input: relation,
      tableName: this.#table,
      ...this.#state,
      mode: MODES[mode],
      ...(condition && { overwriteCondition: condition.expression }),
    };
    const commandType = { case: "writeOperationV2" as const, value: withoutSubqueries(value, "a write's columns") };
    await client.command({ commandType }, { operation: "write", ...action });
  }

  #with(state: Partial<State>): DataFrameWriterV2 {
    return new DataFrameWriterV2(this.#frame, this.#table, { ...this.#state, ...state });
  }
}
