import path from "node:path";
import type { DuckdbSession } from "../duckdb/session.ts";
import { DataError } from "../errors.ts";
import { type ColumnInput, columnOfInput } from "../frame/input.ts";
import { countOf, formatCount } from "../units.ts";
import { MOST_REJECTS } from "./plan.ts";
import type { Rejected } from "./types.ts";

const SHOWN = 3;

/** The rows that the engine left out, and why; it lists them in a table of its own. */
export async function readRejects(session: DuckdbSession): Promise<Rejected> {
  const lines = `(SELECT DISTINCT ON (s.file_path, e.line) s.file_path AS file, e.line AS line, e.error_type::VARCHAR AS type, e.error_message AS message
    FROM reject_errors e JOIN reject_scans s USING (scan_id, file_id) ORDER BY s.file_path, e.line)`;
  const counted = await session.query(`SELECT count(*)::DOUBLE AS n FROM ${lines}`);
  const rows = Number(counted.columns[0]?.values[0] ?? 0);
  if (rows === 0) return { rows, more: false, examples: [] };
  const table = await session.query(
    `SELECT file, line::DOUBLE AS line, type, message FROM ${lines} ORDER BY file, line LIMIT ${SHOWN}`,
  );
  const [files, at, types, messages] = table.columns.map((column) => columnOfInput(column as ColumnInput).toArray());
  const examples = (files ?? []).map((file, i) => ({
    file: path.basename(String(file)),
    line: Number(at?.[i]),
    reason: reasonOf(String(types?.[i]), String(messages?.[i])),
  }));
  return { rows, more: rows >= MOST_REJECTS, examples };
}

/** A file of which more is left out than read was not read as what it is. */
export function refusalOf(rejected: Rejected, rows: number): DataError | undefined {
  const [first] = rejected.examples;
  if (!first || rejected.rows <= rows) return undefined;
  const isEncoding = first.reason.includes("UTF-8");
  return new DataError(
    isEncoding ? "E_ENCODING" : "E_RAGGED_ROW",
    `${formatCount(rejected.rows)} of ${formatCount(rejected.rows + rows)} rows do not read: ${first.file} line ${formatCount(first.line)} ${first.reason}`,
    {
      hint: isEncoding
        ? "say --encoding latin-1, or the encoding that it was written in"
        : "check --sep, look for unclosed quotes, and pass over lines above the names with --skip-rows",
    },
  );
}

function reasonOf(type: string, message: string): string {
  const fields = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  if (fields) return `has ${countOf(Number(fields[2]), "field")}, the line of names has ${fields[1]}`;
  if (/UNICODE|UTF/i.test(type) || /utf-8/i.test(message)) return "has bytes that are not UTF-8";
  if (/UNQUOTED/i.test(type)) return "has a quoted field that is never closed";
  if (/LINE SIZE/i.test(type)) return "is longer than 2 MB";
  return message.split("\n")[0]?.slice(0, 120) ?? type.toLowerCase();
}
