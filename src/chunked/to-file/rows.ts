import { retyped } from "../../duckdb/aggregate.ts";
import { copyTo, type FileKind } from "../../duckdb/copy.ts";
import { describeSource, scanColumns } from "../../duckdb/describe.ts";
import { guardFailure, selectOf } from "../../duckdb/scan.ts";
import type { DuckdbSession } from "../../duckdb/session.ts";
import { quoteName } from "../../duckdb/sql.ts";
import { OutgrowError, UsageError } from "../../errors.ts";
import type { ProgressListener } from "../../progress.ts";
import { parseDtypes } from "../../query/dtypes.ts";
import { parseOrder } from "../../query/order.ts";
import { withQuotedColumns } from "../../query/parse-expression.ts";
import { checkLimit, planColumns } from "../../query/plan.ts";
import { checkWhere } from "../../query/where.ts";
import type { FileSource } from "../../source/source.ts";
import type { ChunkedOptions } from "../options.ts";

/** Writes the rows and columns that were chosen, under their declared types; without an order in the order of the data. */
export async function copyRows(
  session: DuckdbSession,
  source: FileSource,
  options: ChunkedOptions,
  target: { readonly path: string; readonly kind: FileKind; readonly isPacked: boolean },
  onProgress: ProgressListener,
): Promise<number> {
  const described = await describeSource(session, source);
  const columns = planColumns(described, options);
  const all = planColumns(described, { dtype: options.dtype });
  const where = checkWhere(options.where);
  const order = parseOrder(options.order ?? []);
  const limit = checkLimit(options.limit);
  const unknown = order.find(({ name }) => !all.some((column) => column.name === name));
  if (unknown)
    throw new UsageError("E_NO_COLUMN", `no column "${unknown.name}" for --order`, {
      hint: `there are ${all
        .slice(0, 8)
        .map(({ name }) => name)
        .join(", ")}`,
    });
  const terms = order.map(({ name, isDescending }) => `${quoteName(name)} ${isDescending ? "DESC" : "ASC"} NULLS LAST`);
  let scanned = scanColumns(described, where === undefined && order.length === 0 ? columns : all);
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
      return await copyTo(session, sql, target.path, target, { operation: "chunked", onProgress });
    } catch (failure) {
      const message = failure instanceof OutgrowError ? String((failure.cause as Error | undefined)?.message) : "";
      const guard = guardFailure(message);
      if (guard === undefined) throw failure;
      const isDeclared = Object.hasOwn(parseDtypes(options.dtype ?? {}), guard.column);
      scanned = await retyped(session, source, scanned, guard.column, isDeclared);
    }
  }
}
