import { columnOnly, nameText } from "./check.ts";
import type { Column } from "./column.ts";
import type { CommandInit } from "./connect/client.ts";
import type { ExpressionInit } from "./connect/literal.ts";
import { sqlColumn } from "./expressions.ts";
import { planOf, type SparkPlan } from "./plan.ts";
import type { ActionOptions } from "./query.ts";
import { withoutSubqueries } from "./references.ts";

/** What a column of the table becomes, by its name. */
export type Assignments = Readonly<Record<string, Column>>;

type When = "matchActions" | "notMatchedActions" | "notMatchedBySourceActions";

const DELETE = 1;
const INSERT = 2;
const INSERT_STAR = 3;
const UPDATE = 4;
const UPDATE_STAR = 5;

interface State {
  readonly matchActions: readonly ExpressionInit[];
  readonly notMatchedActions: readonly ExpressionInit[];
  readonly notMatchedBySourceActions: readonly ExpressionInit[];
  readonly withSchemaEvolution: boolean;
}

const NOTHING: State = {
  matchActions: [],
  notMatchedActions: [],
  notMatchedBySourceActions: [],
  withSchemaEvolution: false,
};

/** What happens to the rows of a table by the rows of a frame; nothing does before `merge()`. */
export class MergeIntoWriter {
  readonly #source: SparkPlan;
  readonly #table: string;
  readonly #condition: Column;
  readonly #state: State;

  constructor(source: SparkPlan, table: string, condition: Column, state = NOTHING) {
    this.#source = source;
    this.#table = nameText(table, "the table");
    this.#condition = columnOnly(condition, "the condition");
    this.#state = state;
  }

  /** Rows of the table that have a partner in the frame. */
  whenMatched(condition?: Column): Changes {
    return this.#changes("matchActions", condition);
  }

  /** Rows of the frame that have none in the table. */
  whenNotMatched(condition?: Column): Inserts {
    return {
      insertAll: () => this.#add("notMatchedActions", INSERT_STAR, condition),
      insert: (assignments) => this.#add("notMatchedActions", INSERT, condition, assignments),
    };
  }

  /** Rows of the table that have none in the frame. */
  whenNotMatchedBySource(condition?: Column): Changes {
    return this.#changes("notMatchedBySourceActions", condition);
  }

  /** Columns that only the frame has become columns of the table. */
  withSchemaEvolution(): MergeIntoWriter {
    return this.#with({ withSchemaEvolution: true });
  }

  /**
   * Changes the table.
   *
   * @throws {UsageError} E_SPARK_ARGUMENT for a condition or a value with a subquery
   */
  async merge(action?: ActionOptions): Promise<void> {
    const { client, relation } = planOf(this.#source);
    const { withSchemaEvolution, ...actions } = this.#state;
    const value = {
      targetTableName: this.#table,
      sourceTablePlan: relation,
      mergeCondition: this.#condition.expression,
      matchActions: [...actions.matchActions],
      notMatchedActions: [...actions.notMatchedActions],
      notMatchedBySourceActions: [...actions.notMatchedBySourceActions],
      withSchemaEvolution,
    };
    const command: CommandInit = {
      commandType: { case: "mergeIntoTableCommand", value: withoutSubqueries(value, "mergeInto") },
    };
    await client.command(command, action);
  }

  #changes(when: When, condition: Column | undefined): Changes {
    return {
      updateAll: () => this.#add(when, UPDATE_STAR, condition),
      update: (assignments) => this.#add(when, UPDATE, condition, assignments),
      delete: () => this.#add(when, DELETE, condition),
    };
  }

  #add(when: When, actionType: number, condition?: Column, assignments: Assignments = {}): MergeIntoWriter {
    const value = {
      actionType,
      assignments: Object.entries(assignments).map(([name, column]) => ({
        key: sqlColumn(name).expression,
        value: columnOnly(column, `the value of ${name}`).expression,
      })),
      ...(condition && { condition: columnOnly(condition, "the condition").expression }),
    };
    return this.#with({ [when]: [...this.#state[when], { exprType: { case: "mergeAction" as const, value } }] });
  }

  #with(change: Partial<State>): MergeIntoWriter {
    return new MergeIntoWriter(this.#source, this.#table, this.#condition, { ...this.#state, ...change });
  }
}

/** What can happen to rows that are in the table. */
export interface Changes {
  /** Every column becomes that of the same name in the frame. */
  updateAll(): MergeIntoWriter;
  update(assignments: Assignments): MergeIntoWriter;
  delete(): MergeIntoWriter;
}

/** What can happen to rows that are not in the table. */
export interface Inserts {
  /** With all columns, by their names. */
  insertAll(): MergeIntoWriter;
  insert(assignments: Assignments): MergeIntoWriter;
}
