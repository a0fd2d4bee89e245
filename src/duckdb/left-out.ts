import path from "node:path";
import { DataError } from "../errors.ts";
import { type ColumnInput, columnOfInput } from "../frame/input.ts";
import type { FileSource } from "../source/source.ts";
import { formatCount } from "../units.ts";
import { quoteItem } from "../words.ts";
import type { DuckdbSession } from "./session.ts";

/**
 * What is to be said of the rows that were left out with `--bad-rows skip`. The engine leaves out more than was asked for, so that a row with a
 * value that does not fit its type is an error here, as it is elsewhere.
 *
 * @throws {DataError} E_BAD_VALUE
 */
export async function leftOutNotes(session: DuckdbSession, source: FileSource): Promise<string[]> {
  if (source.format !== "csv" || source.text.badRows !== "skip") return [];
  const table = await session.query(
    `SELECT s.file_path AS file, e.line::DOUBLE AS line, bool_or(e.error_type::VARCHAR LIKE '%COLUMNS') AS ragged, any_value(e.error_message) AS message, any_value(e.column_name) AS name
     FROM reject_errors e JOIN reject_scans s USING (scan_id, file_id) GROUP BY s.file_path, e.line ORDER BY file, line`,
  );
  const [files = [], lines = [], ragged = [], messages = [], names = []] = table.columns.map((column) =>
    columnOfInput(column as ColumnInput).toArray(),
  );
  // A row that is short may hold what does not fit besides.
  const odd = ragged.findIndex((isRagged) => isRagged !== true);
  const place = (i: number) => `${path.basename(String(files[i]))} line ${formatCount(Number(lines[i]))}`;
  if (odd !== -1)
    throw new DataError("E_BAD_VALUE", `${place(odd)}: ${String(messages[odd]).split("\n")[0]}`, {
      hint: `only rows with too few or too many fields are left out; mend that line, or read its column as text with --dtype ${quoteItem(String(names[odd]))}:str`,
    });
  if (files.length === 0) return [];
  const many = files.length === 1 ? "1 row" : `${formatCount(files.length)} rows`;
  const verb = files.length === 1 ? "was" : "were";
  return [`${many} with another number of fields ${verb} left out, the first is ${place(0)}`];
}
