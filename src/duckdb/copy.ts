import { UsageError } from "../errors.ts";
import { columnOfInput } from "../frame/input.ts";
import { writeArrowFile } from "../frame/write-arrow.ts";
import type { EngineColumn } from "../query/engine-table.ts";
import type { QueryOptions } from "./query-options.ts";
import type { DuckdbSession } from "./session.ts";
import { quoteName, quoteText } from "./sql.ts";

export type FileKind = "csv" | "parquet" | "jsonl" | "arrow";

const OPTIONS: Readonly<Record<Exclude<FileKind, "arrow">, string>> = {
  csv: "FORMAT csv, HEADER true",
  parquet: "FORMAT parquet",
  jsonl: "FORMAT json",
};

const BATCH_ROWS = 50_000;

/** Writes the result of a query into a file as it comes, in bounded memory, and gives its rows. */
export async function copyTo(
  session: DuckdbSession,
  sql: string,
  file: string,
  { kind, isPacked }: { readonly kind: FileKind; readonly isPacked: boolean },
  options: QueryOptions = {},
): Promise<number> {
  if (kind === "arrow") return writeArrowFile(file, arrowBatches(session, sql, options));
  const found = await session.describe(sql);
  const select = kind === "parquet" ? await withoutHuge(session, sql, found) : sql;
  const packing = isPacked ? ", COMPRESSION gzip" : "";
  const bounds = await boundsOf(session, kind, found.length);
  const { columns } = await session.query(
    `COPY (${select}) TO ${quoteText(file)} (${OPTIONS[kind]}${packing}${bounds})`,
    options,
  );
  return Number(columns[0]?.values[0]);
}

/** What a thread lays aside for the vectors of a column, and a writer of Parquet for its dictionary. */
const VECTOR_BYTES = 160 * 1024;
const DICTIONARY_BYTES = 2 ** 20;

/** Of thousands of columns what is laid aside for each is more than the memory, however few rows there are. */
async function boundsOf(session: DuckdbSession, kind: FileKind, columns: number): Promise<string> {
  const { memoryLimit } = session;
  const threads = Math.min(session.threads, Math.max(1, Math.floor(memoryLimit / 2 / VECTOR_BYTES / columns)));
  if (threads < session.threads) await session.execute(`SET threads = ${threads}`);
  const bytes = Math.floor(memoryLimit / 4 / columns / threads);
  return kind === "parquet" && bytes < DICTIONARY_BYTES ? `, STRING_DICTIONARY_PAGE_SIZE_LIMIT ${bytes}` : "";
}

/** Parquet has no integers of 128 bits, and the engine would write doubles: they go as 64 bits where all fit, else as decimals. */
async function withoutHuge(
  session: DuckdbSession,
  sql: string,
  found: Awaited<ReturnType<DuckdbSession["describe"]>>,
): Promise<string> {
  const wide = found.filter(({ sqlType }) => sqlType === "HUGEINT");
  if (wide.length === 0) return sql;
  const tests = wide.map(
    ({ name }, i) =>
      `count(*) FILTER (${quoteName(name)} NOT BETWEEN -9223372036854775808 AND 9223372036854775807) AS w${i}`,
  );
  const { columns } = await session.query(`SELECT ${tests.join(", ")} FROM (${sql})`);
  const casts = wide.map(({ name }, i) => {
    const type = columns[i]?.values[0] === 0n ? "BIGINT" : "DECIMAL(38, 0)";
    return `CAST(${quoteName(name)} AS ${type}) AS ${quoteName(name)}`;
  });
  return `SELECT * REPLACE (${casts.join(", ")}) FROM (${sql})`;
}

async function* arrowBatches(session: DuckdbSession, sql: string, options: QueryOptions) {
  const found = await session.describe(sql);
  const odd = found.find(({ sqlType }) => /\]$|^(STRUCT|MAP|UNION)\b/.test(sqlType));
  if (odd)
    throw new UsageError("E_BAD_TARGET", `"${odd.name}" holds lists, which are not written to Arrow files`, {
      hint: "write a .parquet or .jsonl file",
    });
  for await (const { columns, rows } of session.stream(await withoutHuge(session, sql, found), BATCH_ROWS, options))
    yield { columns: columns.map((column) => columnOfInput(withTexts(column))), rows };
}

/** The dictionary of a batch is not that of the next, and a file has one: texts are written as they are. */
function withTexts({ name, type, values, validity, dictionary }: EngineColumn) {
  if (!dictionary) return { name, type, values, validity };
  const texts = Array.from(values as ArrayLike<number>, (code, i) =>
    validity && !(((validity[i >> 3] as number) >> (i & 7)) & 1) ? null : (dictionary[code] ?? null),
  );
  return { name, type: "str", values: texts };
}
