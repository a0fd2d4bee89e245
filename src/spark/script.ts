import { EngineError, type Span, UsageError } from "../errors.ts";
import { arrow } from "../frame/arrow.ts";
import { requireActiveSession } from "./active.ts";
import { parameterise } from "./bound-sql.ts";
import { Column } from "./column.ts";
import { expressionOf } from "./column-operators.ts";
import { SparkDataFrame } from "./dataframe.ts";
import { placeInSql } from "./place-in-sql.ts";
import { isPlainQuery } from "./plain-query.ts";
import { planOf } from "./plan.ts";
import type { ActionOptions } from "./query.ts";
import { clientOf, type SparkSession } from "./session.ts";
import { type SqlStatement, splitSql } from "./split-sql.ts";
import { sqlRelation } from "./sql-relation.ts";

/** What one statement of a script came to. */
export interface SparkStatement {
  readonly sql: string;
  /** A query has not run yet; what else gives rows has, and these are its rows. */
  readonly isQuery: boolean;
  /** Undefined where there are no rows to see. */
  readonly frame: SparkDataFrame | undefined;
  readonly seconds: number;
}

export interface SparkSqlOptions extends ActionOptions {
  /** Default: the active session. */
  readonly session?: SparkSession | undefined;
  /** Bound to the `${…}` of the text, in order. */
  readonly values?: readonly unknown[] | undefined;
  /** Whether queries are checked before they run; default true. Without it `onStatement` runs their frames: one question instead of two. */
  readonly checks?: boolean | undefined;
  /** Called after each statement, before the next one begins. */
  readonly onStatement?: ((statement: SparkStatement) => void | Promise<void>) | undefined;
}

/**
 * Runs the statements of a text one after the other: what changes something has happened then, queries wait for an action on their
 * frame. A `${…}` is a parameter, never text of the statement.
 *
 * @throws {EngineError} E_SPARK_…, with its place in the text
 * @throws {UsageError} E_NO_SPARK_SESSION, E_BOUND_PLACE, E_SQL_UNCLOSED
 * @example
 * const [, last] = await sparkSql("CREATE TEMP VIEW v AS SELECT 1 AS a; SELECT * FROM v WHERE a < ${}", { values: [2] });
 */
export async function sparkSql(text: string, options: SparkSqlOptions = {}): Promise<readonly SparkStatement[]> {
  const { values = [], checks = true, onStatement, session = requireActiveSession(), ...action } = options;
  const statements: SparkStatement[] = [];
  for (const bound of bind(text, values)) {
    try {
      const done = await run(session, bound, { checks, ...action });
      await onStatement?.(done);
      statements.push(done);
    } catch (error) {
      throw placed(error, text, bound);
    }
  }
  return statements;
}

/** A statement with its values. */
interface BoundStatement extends SqlStatement {
  /** As it is sent. */
  readonly sql: string;
  readonly params: Readonly<Record<string, Column>>;
  /** Its `${…}`, by their places in the whole text. */
  readonly spans: readonly Span[];
}

/** All statements with their values, so that a value that cannot be bound is told before anything runs. */
function bind(text: string, values: readonly unknown[]): readonly BoundStatement[] {
  const rest = [...values];
  return splitSql(text).map((statement) => {
    const { text: sql, bound } = parameterise(statement.text);
    const spans = bound.map(({ start, end }) => ({ text, start: statement.start + start, end: statement.start + end }));
    const params = bound.map(({ name }, i) => [name, columnOf(rest.shift(), spans[i] as Span)] as const);
    return { ...statement, sql, params: Object.fromEntries(params), spans };
  });
}

/** @throws {UsageError} E_SPARK_LITERAL, with the place of the value */
function columnOf(value: unknown, at: Span): Column {
  try {
    return new Column(expressionOf(value));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const { code, message, hint } = error;
    throw new UsageError(code, message, { at, cause: error, ...(hint && { hint }) });
  }
}

async function run(
  session: SparkSession,
  { text, sql, params }: BoundStatement,
  { checks, ...action }: ActionOptions & { readonly checks: boolean },
): Promise<SparkStatement> {
  const startedAt = performance.now();
  const frame =
    checks || !isPlainQuery(sql)
      ? await session.sql(sql, { params, ...action })
      : new SparkDataFrame(clientOf(session), sqlRelation(sql, params));
  const { relType } = planOf(frame).relation;
  const isQuery = relType?.case !== "localRelation";
  const hasRows = isQuery || columnsIn(relType.value.data) > 0;
  const seconds = (performance.now() - startedAt) / 1000;
  return { sql: text, isQuery, frame: hasRows ? frame : undefined, seconds };
}

/** A statement that only does something answers with a table of no columns. */
function columnsIn(data: Uint8Array | undefined): number {
  return data === undefined || data.length === 0 ? 0 : arrow().tableFromIPC(data).numCols;
}

/** The error with its place in the whole text; what a parameter did in a place where Spark takes no value is said. */
function placed(error: unknown, text: string, { start, sql, spans }: BoundStatement): unknown {
  if (!(error instanceof EngineError)) return error;
  const found = placeInSql(error, sql);
  if (!found) return error;
  const at = { text, start: start + found.start, end: start + found.end };
  const blamed = spans.find((span) => span.start === at.start);
  if (/^E_SPARK_PARSE_/.test(error.code) && blamed)
    return new UsageError("E_BOUND_PLACE", "only a value can be bound, and none can stand here", {
      hint: "for the name of a table or column write IDENTIFIER(${name})",
      at: blamed,
      cause: error.cause,
    });
  // Its own numbers count from the statement's first line, beside the place in the cell they would only mislead.
  const message = error.message.replace(/;? \(?line \d+,? pos \d+\)?$/, "");
  return new EngineError(error.code, message, { at, cause: error.cause, ...(error.hint && { hint: error.hint }) });
}
