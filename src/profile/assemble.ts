import { parseType } from "../frame/types.ts";
import { inTurns } from "../pauses.ts";
import { decide } from "../verdict/decide.ts";
import type { Machine } from "../verdict/machine.ts";
import { quoteItem } from "../words.ts";
import { advise } from "./advise.ts";
import { bytesUnder, WholeSizes } from "./bytes.ts";
import type { ColumnFacts } from "./facts.ts";
import { optionWords } from "./option-words.ts";
import type { Profile, ProfileColumn } from "./types.ts";

/** What is known about the whole beside its columns. */
export interface Whole
  extends Pick<
    Profile,
    | "source"
    | "format"
    | "files"
    | "reading"
    | "rows"
    | "rowsError"
    | "exact"
    | "rowsRead"
    | "rejected"
    | "notes"
    | "seconds"
  > {
  readonly fileBytes: number;
  /** After decompression; what spills. */
  readonly unpackedBytes: number;
  /** One pass on this machine. */
  readonly passSeconds: number;
}

/** A profile from facts: advice, sizes and verdict, with turns of the event loop between columns. */
export async function assemble(whole: Whole, facts: readonly ColumnFacts[], here: Machine): Promise<Profile> {
  const { fileBytes, unpackedBytes, passSeconds, ...rest } = whole;
  const total = new WholeSizes();
  const columns = await inTurns(facts, (some) => {
    const column = columnOf(some);
    total.add(some, column.advised);
    return column;
  });
  const sizes = total.of(whole.rows, fileBytes);
  const [key, value] = [likelyKey(columns, whole.rows), likelyValue(columns)];
  const verdict = decide(
    {
      source: whole.source,
      rows: whole.rows,
      bytes: { file: fileBytes, arrow: sizes.arrow, arrowAdvised: sizes.arrowAdvised, unpacked: unpackedBytes },
      seconds: passSeconds,
      isInMemory: whole.format === "memory",
      query: `${optionWords(whole)}${queryFor(key, value)}`,
      code: codeFor(whole.source, key, value),
    },
    here,
  );
  return { ...rest, columns, sizes, verdict, cached: false };
}

function columnOf(facts: ColumnFacts): ProfileColumn {
  const { type, proof, lossy } = advise(facts);
  const { name, nulls, distinct, distinctExact, min, max, span, dateFormat, isSpelled, hasNullWords } = facts;
  const bytes = bytesUnder(facts, facts.type);
  return {
    name,
    type: facts.type,
    ...(span === undefined ? {} : { span }),
    ...(dateFormat === undefined ? {} : { dateFormat }),
    ...(isSpelled === undefined ? {} : { isSpelled }),
    ...(hasNullWords === undefined ? {} : { hasNullWords }),
    advised: type,
    nulls,
    distinct,
    distinctExact,
    min,
    max,
    bytes,
    bytesAfter: bytesUnder(facts, type),
    proof,
    lossy,
  };
}

/** A column that people would group by: few values that come back, texts before numbers. */
function likelyKey(columns: readonly ProfileColumn[], rows: number): string | undefined {
  const keys = columns.filter(
    ({ distinct, type }) =>
      distinct >= 2 && distinct * 2 <= rows && !isMeasure(type) && !/^(date|list$|struct$|object$)/.test(type),
  );
  const few = keys.filter(({ distinct }) => distinct <= 10_000);
  return (few.find(({ type }) => /^(str|category)$/.test(type)) ?? few[0] ?? keys[0])?.name;
}

function likelyValue(columns: readonly ProfileColumn[]): string | undefined {
  return columns.find(({ type }) => isMeasure(type))?.name;
}

function isMeasure(type: string): boolean {
  const { family } = parseType(type);
  return family === "float" || family === "decimal";
}

function queryFor(key: string | undefined, value: string | undefined): string {
  const by = key === undefined ? "" : `--by ${quoteItem(key)} `;
  return `${by}--agg ${value === undefined ? "" : `${quoteItem(value)}:sum,`}*:count`;
}

function codeFor(source: string, key: string | undefined, value: string | undefined): string {
  const name = /^[A-Za-z_$][\w$]*$/.test(source) ? source : "frame";
  if (key === undefined || value === undefined) return `${name}.describe()`;
  return `${name}.groupby([${JSON.stringify(key)}]).col([${JSON.stringify(value)}]).sum()`;
}
