import { retyped } from "../../duckdb/attempt.ts";
import { checkSql } from "../../duckdb/check-sql.ts";
import { copyTo, type FileKind } from "../../duckdb/copy.ts";
import { scanColumns } from "../../duckdb/describe.ts";
import { guardFailure, selectOf } from "../../duckdb/select.ts";
import type { DuckdbSession } from "../../duckdb/session.ts";
import { quoteName } from "../../duckdb/sql.ts";
import type { DataType } from "../../frame/arrow.ts";
import { pandasType } from "../../frame/schema.ts";
import type { ProgressListener } from "../../progress.ts";
import { withQuotedColumns } from "../../query/parse-expression.ts";
import { planColumns, planRows } from "../../query/plan.ts";
import type { FileSource } from "../../source/source.ts";
import { describeSettled, withWidened } from "../engines/settled-types.ts";
import { doubtNotes } from "../notes.ts";
import type { ChunkedOptions } from "../options.ts";

/** Writes the rows and columns that were chosen, under their declared types; without an order in the order of the data. */
export async function copyRows(
  session: DuckdbSession,
  source: FileSource,
  options: ChunkedOptions,
  target: { readonly path: string; readonly kind: FileKind; readonly isPacked: boolean },
  onProgress: ProgressListener,
): Promise<{ readonly rows: number; readonly notes: readonly string[] }> {
  const described = await describeSettled(session, source, { ...options, onProgress });
  const { columns, where, order, limit, dtype } = planRows(described, options);
  const all = planColumns(described, { dtype: options.dtype });
  const terms = order.map(({ name, isDescending }) => `${quoteName(name)} ${isDescending ? "DESC" : "ASC"} NULLS LAST`);
  let scanned = scanColumns(described, where === undefined && order.length === 0 ? columns : all);
  await checkSql(session, source, scanned, { where, keys: [] }).catch((failure: unknown) => {
    throw withWidened(failure, described);
  });
  for (;;) {
    const sql = [
      `SELECT ${columns.map(({ name }) => quoteName(name)).join(", ")} FROM (${selectOf(source, scanned)})`,
      where === undefined
        ? ""
        : ` WHERE (${withQuotedColumns(
            where,
            scanned.map(({ name }) => name),
          )})`,
      terms.length === 0 ? "" : ` ORDER BY ${terms.join(", ")}`,
      limit === undefined ? "" : ` LIMIT ${limit}`,
    ].join("");
    try {
      const rows = await copyTo(session, sql, target.path, target, { operation: "chunked", onProgress });
      return {
        rows,
        notes: [
          ...(described.notes ?? []),
          ...doubtNotes(described.columns, options),
          ...columns.flatMap(({ name }) => spanNote(name, described.spans?.get(name))),
        ],
      };
    } catch (failure) {
      const guard = guardFailure(failure);
      if (guard === undefined) throw failure;
      const isDeclared = Object.hasOwn(dtype, guard);
      scanned = await retyped(session, source, scanned, guard, isDeclared);
    }
  }
}

/** The unit of a span stands in no file that the engine writes. */
function spanNote(name: string, span: DataType | undefined): string[] {
  return span === undefined
    ? []
    : [`"${name}" is a span of time, ${pandasType(span)}, and is written as the whole numbers that it is in the file`];
}
