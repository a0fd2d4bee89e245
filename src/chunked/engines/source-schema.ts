import { LOOKED_AT } from "../../duckdb/describe.ts";
import type { DuckdbSession } from "../../duckdb/session.ts";
import { inUtf8 } from "../../duckdb/utf8-copy.ts";
import type { QueryWords, SourceSchema } from "../../query/plan.ts";
import { ScanRefused } from "../../scan/refused.ts";
import { sniffTable } from "../../scan/sniff.ts";
import type { FileSource } from "../../source/source.ts";
import { describeFor } from "./describe-for.ts";
import { schemaOf, whyNotText } from "./scannable.ts";

/** The columns of a source as the first engine that reads it locally has them, so that types are the same wherever a query runs. Of the data samples are read. */
export async function sourceSchema(
  engine: () => Promise<DuckdbSession>,
  source: FileSource,
  words: QueryWords,
): Promise<SourceSchema> {
  const sniffed = await sniffedSchema(source, words.dtype);
  if (sniffed) return sniffed;
  const session = await engine();
  return describeFor(session, await inUtf8(session, source, { isLook: true }), words, { mostRows: LOOKED_AT });
}

/** The columns of delimited text as the scanner has them; undefined of other sources, and of text that it does not read. */
async function sniffedSchema(source: FileSource, dtype?: QueryWords["dtype"]): Promise<SourceSchema | undefined> {
  // Of JSON the scanner leaves out the columns that it has no type for.
  if (source.format !== "csv" || whyNotText(source) !== undefined) return undefined;
  try {
    return schemaOf(await sniffTable(source, { dtype }), dtype);
  } catch (failure) {
    if (failure instanceof ScanRefused) return undefined;
    throw failure;
  }
}
