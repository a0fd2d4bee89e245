import { MemoryLimitError } from "../errors.ts";
import type { ProgressListener } from "../progress.ts";
import { answerOf, type Question, ROWS } from "./attempt.ts";
import { wrongFooter } from "./failures.ts";
import type { QueryOptions } from "./query-options.ts";
import type { DuckdbSession } from "./session.ts";
import { quoteName } from "./sql.ts";
import { type ToldKey, toldKeys } from "./told-keys.ts";

/** A session may work on several aggregates, each in a table of its own. */
let tables = 0;

export interface AggregateOptions {
  readonly onProgress?: ProgressListener | undefined;
}

export interface AggregateTable {
  /** A query of the result: rows in their order. */
  readonly sql: string;
  readonly rows: number;
  /** Rows that went into it: after `where`. */
  readonly inputRows: number;
  /** Lets go of it. */
  drop(): Promise<void>;
}

/** The result of an aggregate query as a table of the engine, which keeps on disk what does not fit in its memory. */
export async function aggregateTable(question: Question, { onProgress }: AggregateOptions): Promise<AggregateTable> {
  const { session, plan } = question;
  const table = quoteName(`outgrow result ${tables++}`);
  return answerOf(question, async (sql) => {
    await create(session, table, sql, { operation: "aggregate", onProgress, sourceTypes: plan.dtype });
    const told = toldKeys(plan, question.statistics).filter((key) => key !== undefined);
    const doubles = (await session.describe(`SELECT * FROM ${table}`)).filter(({ sqlType }) => sqlType === "DOUBLE");
    const tests = doubles.map(({ name }, i) => `coalesce(bool_or(NOT isfinite(${quoteName(name)})), false) AS n${i}`);
    const counted = plan.limit === undefined ? "sum" : "max";
    const facts = await session.query(
      `SELECT ${[`count(*) AS n, CAST(coalesce(${counted}(${quoteName(ROWS)}), 0) AS BIGINT) AS r`, isOutside(told), ...tests].join(", ")} FROM ${table}`,
    );
    const [rows, inputRows, isUntold, ...isOdd] = facts.columns.map(({ values }) => Number(values[0]));
    const drop = () => session.execute(`DROP TABLE ${table}`);
    if (isUntold === 1) {
      await drop();
      throw wrongFooter();
    }
    return {
      value: {
        sql: `SELECT * EXCLUDE (${quoteName(ROWS)}) FROM ${table}`,
        rows: rows ?? 0,
        inputRows: inputRows ?? 0,
        drop,
      },
      notFinite: new Set(doubles.filter((_, i) => isOdd[i] === 1).map(({ name }) => name)),
    };
  });
}

/** Whether a key lies outside of what footers say of it. */
function isOutside(keys: readonly ToldKey[]): string {
  const tests = keys.map(({ name, low, high, hasNull }) => {
    const key = quoteName(name);
    return `${key} NOT BETWEEN ${low} AND ${high}${hasNull ? "" : ` OR ${key} IS NULL`}`;
  });
  return `coalesce(bool_or(${["false", ...tests].join(" OR ")}), false) AS o`;
}

/** One thread needs the least memory. */
async function create(session: DuckdbSession, table: string, sql: string, options: QueryOptions): Promise<void> {
  const statement = `CREATE OR REPLACE TEMP TABLE ${table} AS ${sql}`;
  try {
    await session.execute(statement, options);
  } catch (failure) {
    if (!(failure instanceof MemoryLimitError)) throw failure;
    await session.execute("SET threads = 1");
    await session.execute(statement, options);
    await session.execute(`SET threads = ${session.threads}`);
  }
}
