import path from "node:path";
import { DataError } from "../errors.ts";
import type { FileSource } from "../source/source.ts";
import { wrongValueHint } from "../source/value-hint.ts";
import { formatCount } from "../units.ts";
import { quoteItem } from "../words.ts";
import { numberText } from "./number-text.ts";
import { scanOf } from "./scan.ts";
import type { ScanColumn } from "./select.ts";
import type { DuckdbSession } from "./session.ts";
import { quoteName } from "./sql.ts";
import { isInteger, safeRange } from "./types.ts";

export interface IntegerFault {
  /** As it stands in the source. */
  readonly value: string;
  readonly error: DataError;
}

/** Finds the first value of a column that is not an integer of its type, and says where it is. */
export async function explainInteger(
  session: DuckdbSession,
  source: FileSource,
  column: ScanColumn,
): Promise<IntegerFault> {
  const { name, type } = column;
  const text = `CAST(${quoteName(name)} AS VARCHAR)`;
  const number = `TRY_CAST(${numberText(source.text, text)} AS DOUBLE)`;
  const { low, high } = safeRange(isInteger(type) ? type : "int64");
  const isWrong = `${text} IS NOT NULL AND (${number} IS NULL OR trunc(${number}) IS DISTINCT FROM ${number} OR ${number} < ${low} OR ${number} > ${high})`;
  const scan = scanOf(source, { [name]: "VARCHAR" });
  const numbered = `SELECT row_number() OVER () AS row, ${quoteName(name)} FROM ${scan}`;
  const { columns, rows } = await session.query(
    `SELECT row, ${text} AS value FROM (${numbered}) WHERE ${isWrong} LIMIT 1`,
  );
  const value = rows > 0 ? (columns[1]?.dictionary?.[0] ?? "") : "";
  const row = rows > 0 ? Number((columns[0]?.values as BigInt64Array | undefined)?.[0]) : 0;
  return { value, error: wrongInteger(source, column, value, row) };
}

function wrongInteger(source: FileSource, { name, type }: ScanColumn, value: string, row: number): DataError {
  const file = source.files.length === 1 ? path.basename(source.files[0]?.path ?? "") : source.label;
  const isWhole = /^\s*[+-]?\d+\s*$/.test(value);
  const problem = isWhole ? `does not fit into ${type}` : `is not an ${type}`;
  const isLarge = isWhole && /^u?int64$/.test(type);
  if (isLarge && BigInt.asIntN(64, BigInt(value.trim())) === BigInt(value.trim()))
    return new DataError(
      "E_BAD_VALUE",
      `${file} row ${formatCount(row)}, column "${name}": ${value.trim()} is beyond 2^53, and the rows before it were read as numbers`,
      {
        hint: `say --dtype ${quoteItem(name)}:${type}, and the whole column is read exactly`,
      },
    );
  return new DataError("E_BAD_VALUE", `${file} row ${formatCount(row)}, column "${name}": "${value}" ${problem}`, {
    hint: isWhole
      ? `choose a type that holds it, as in --dtype ${quoteItem(name)}:${isLarge ? "str" : "int64"}`
      : wrongValueHint(name, type, value),
  });
}
