import type { DuckdbSession } from "../duckdb/session.ts";
import { DataError } from "../errors.ts";
import { JS_BYTES } from "../frame/sizes.ts";
import { estimateSource } from "../profile/estimate.ts";
import { type ColumnFacts, scaleFacts } from "../profile/facts.ts";
import type { EngineColumn, EngineTable } from "../query/engine-table.ts";
import { isTableSource } from "../tables/table-source.ts";
import type { WholeBytes } from "./run.ts";
import type { LocalSource } from "./source.ts";
import { wholeBytes } from "./whole-columns.ts";

/** What a sample says of a source as a whole. */
export interface Prediction {
  /** How many rows there may be. */
  readonly rows: number;
  /** What so many rows would take; `widened` are types that the sample did not show. */
  bytes(rows: number, widened?: ReadonlyMap<string, string>): WholeBytes;
}

/**
 * What loading a source as a whole takes, from the sample that `profile` starts with; undefined where it does not read. `engine`
 * is asked for only by formats that nothing else reads.
 */
export async function predictWhole(
  source: LocalSource,
  engine: () => Promise<Pick<DuckdbSession, "query">>,
  signal: AbortSignal | undefined,
): Promise<Prediction | undefined> {
  // Nothing reads a sample of tables.
  if (isTableSource(source)) return undefined;
  try {
    const { facts, rows: estimated } = await estimateSource(source, engine, signal, true);
    const bytes = (rows: number, widened: ReadonlyMap<string, string> = new Map()) => {
      const scaled = facts.map((one) => widenedFacts(scaleFacts(one, rows), widened));
      return wholeBytes(scaled, rows, source.bytes);
    };
    return { rows: Math.round(estimated), bytes };
  } catch (failure) {
    if (failure instanceof DataError) return undefined;
    throw failure;
  }
}

/** What turns out to be text is kept as it is written. */
function widenedFacts(facts: ColumnFacts, widened: ReadonlyMap<string, string>): ColumnFacts {
  const type = widened.get(facts.name);
  return type === undefined ? facts : { ...facts, type, text: facts.text ?? facts.written };
}

/** Bytes of one row in the typed columns that chunks are made of, from a sample: numbers by their type, texts by their length. */
export function rowBytes({ columns, rows }: EngineTable): number {
  return columns.reduce((sum, column) => sum + columnBytes(column, rows), 0);
}

function columnBytes({ type, values, dictionary }: EngineColumn, rows: number): number {
  const width = widthOf(type);
  if (width !== undefined) return width;
  if (type === "category") return 4;
  const length = rows === 0 ? 8 : averageLength(values, dictionary, rows);
  return dictionary ? 4 + length / 2 : JS_BYTES.slot + JS_BYTES.text(length, false);
}

function widthOf(type: string): number | undefined {
  if (type === "bool") return 1;
  const bits = /^(?:u?int|float)(\d+)$/.exec(type)?.[1];
  if (bits !== undefined) return Number(bits) / 8;
  return /^(datetime|date|decimal)/.test(type) ? 8 : undefined;
}

function averageLength(
  values: EngineColumn["values"],
  dictionary: readonly string[] | undefined,
  rows: number,
): number {
  let total = 0;
  for (const value of values as Iterable<unknown>) {
    const text = dictionary ? dictionary[value as number] : value;
    total += typeof text === "string" ? text.length : 16;
  }
  return total / rows;
}
