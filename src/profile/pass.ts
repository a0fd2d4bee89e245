import type { DuckdbSession } from "../duckdb/session.ts";
import { isSet } from "../frame/bits.ts";
import type { ProgressListener } from "../progress.ts";
import type { EngineTable } from "../query/engine-table.ts";
import { formatCount } from "../units.ts";
import { MOST_CATEGORIES } from "./advise.ts";
import type { ColumnFacts, TextFacts } from "./facts.ts";
import { MOST_DECIMALS } from "./measure.ts";
import { type Kind, type Measure, passSql } from "./pass-sql.ts";
import type { ProfileValue } from "./types.ts";

/** A column on its way through the rounds of a pass. */
export interface PassColumn {
  readonly measure: Measure;
  /** pandas' name of the type that the file gives the column; undefined where it is text and the reading decides. */
  readonly declared: string | undefined;
  readonly remarks: readonly string[];
}

export interface PassResult {
  readonly rows: number;
  readonly facts: readonly ColumnFacts[];
  readonly rounds: number;
}

type Found = ReadonlyMap<string, number | string | null>;

const TYPE_OF_KIND: Readonly<Record<Kind, string>> = {
  int: "int64",
  float: "float64",
  bool: "bool",
  date: "date",
  timestamp: "datetime64[us]",
  timestamptz: "datetime64[us, UTC]",
  text: "str",
  decimal: "float64",
  nested: "object",
};

/** What is tried when a value does not fit. */
const WIDER: Readonly<Partial<Record<Kind, Kind>>> = { int: "float", date: "timestamp" };
/** Each column takes about a megabyte while it is measured, so that very wide data are read in several passes. */
const MOST_AT_ONCE = 250;
/** Later rounds may keep all different values of a column. */
const MOST_EXACT_AT_ONCE = 40;
/** Whole numbers beyond it do not fit into 64 bits. */
const BEYOND_INT64 = 2 ** 63;
const NO_TEXT: TextFacts = { bytes: 0, chars: 0, wide: 0, longest: 0 };

/**
 * Reads all of the data once, wide data some columns at a time; what did not fit its kind, or needs an exact figure after all, is read again in further rounds, and
 * only those columns.
 */
export async function runPass(
  session: DuckdbSession,
  scan: string,
  columns: readonly PassColumn[],
  onProgress?: ProgressListener,
): Promise<PassResult> {
  const facts: (ColumnFacts | undefined)[] = columns.map(() => undefined);
  let todo = columns.map((column, at) => ({ column, at }));
  let [rows, rounds] = [0, 0];
  do {
    const operation =
      rounds === 0 ? "profile" : `profile: checking ${todo.length === 1 ? "1 column" : `${todo.length} columns`} again`;
    const again: typeof todo = [];
    for (const part of batches(todo, rounds === 0 ? MOST_AT_ONCE : MOST_EXACT_AT_ONCE)) {
      const measures = part.map(({ column }) => column.measure);
      const found = firstRow(await session.query(passSql(measures, scan), { operation, onProgress }));
      rows = Number(found.get("n") ?? 0);
      for (const [i, { column, at }] of part.entries()) {
        const get = (what: string) => found.get(`${what}_${i}`) ?? null;
        const next = judge(column, get);
        if (next) again.push({ column: next, at });
        else facts[at] = factsOf(column, get, rows);
      }
    }
    todo = again;
    rounds++;
  } while (todo.length > 0);
  return { rows, facts: facts as ColumnFacts[], rounds };
}

/** No columns still make one batch, which counts the rows. */
function batches<T>(all: readonly T[], most: number): T[][] {
  const count = Math.max(1, Math.ceil(all.length / most));
  return Array.from({ length: count }, (_, i) => all.slice(i * most, (i + 1) * most));
}

type Get = (what: string) => number | string | null;

/** What to measure instead, or undefined when the figures stand. */
function judge(column: PassColumn, get: Get): PassColumn | undefined {
  const { measure, remarks } = column;
  const count = (what: string) => Number(get(what) ?? 0);
  if (measure.isWritten && measure.kind !== "text") {
    const misfits = count("present") - count("fitting");
    const isChanged = measure.kind === "int" && count("odd") > 0;
    if (misfits > 0 || isChanged || count("zeros") > 0) {
      const kind = count("zeros") > 0 ? "text" : (WIDER[measure.kind] ?? "text");
      const type = TYPE_OF_KIND[measure.kind];
      const misfit = JSON.stringify(get("misfit"));
      const many = `${formatCount(misfits)} of ${formatCount(count("present"))} values do not read as ${type}`;
      const isOneWord = get("misfit") === get("lastMisfit") && count("fitting") > 0;
      const remark = isOneWord
        ? `${many}: ${misfit}, which --na ${misfit} would read as missing`
        : `${many}, such as ${misfit}`;
      const told = misfits > 0 && kind === "text" ? [...remarks, remark] : remarks;
      return { ...column, remarks: told, measure: { ...measure, kind, hasZeros: kind === "text" } };
    }
  }
  if (measure.kind === "float" && measure.isWritten && count("fitting") > 0) {
    const isHuge = Math.max(-count("min"), count("max")) >= BEYOND_INT64 && count("scale") === 0;
    if (isHuge && !measure.hasDigits) return { ...column, measure: { ...measure, hasDigits: true } };
    if (isHuge && count("digits") === count("present")) {
      const remark = "whole numbers beyond int64, which float64 would round, so it stays text";
      return { ...column, remarks: [...remarks, remark], measure: { ...measure, kind: "text", hasZeros: true } };
    }
  }
  const scale = get("scale");
  const isScaleOff = scale !== null && Number(scale) <= MOST_DECIMALS && Number(scale) !== measure.scale;
  const isFew = measure.share > 1 && count("distinct") <= MOST_CATEGORIES * 1.1;
  if (!isScaleOff && !isFew) return undefined;
  return {
    ...column,
    measure: { ...measure, scale: isScaleOff ? Number(scale) : measure.scale, share: isFew ? 1 : measure.share },
  };
}

function factsOf({ measure, declared, remarks }: PassColumn, get: Get, rows: number): ColumnFacts {
  const { kind, isWritten } = measure;
  const present = Number(get("present") ?? 0);
  const type = declared ?? TYPE_OF_KIND[kind];
  const lengths = get("bytes") === null ? NO_TEXT : textFacts(get);
  const readsAs = isWritten && declared === "str" && kind !== "text" ? TYPE_OF_KIND[kind] : undefined;
  const scale = Number(get("scale") ?? 0);
  return {
    name: measure.name,
    type,
    rows,
    nulls: rows - present,
    distinct: Math.min(present, Number(get("distinct") ?? 0)),
    distinctExact: measure.share === 1,
    min: shownOf(kind, get("min")),
    max: shownOf(kind, get("max")),
    ...(kind === "text" || kind === "nested" ? { text: lengths } : {}),
    ...(/^date|^timestamp/.test(kind) && isWritten && declared === undefined ? { written: lengths } : {}),
    ...(readsAs ? { readsAs, text: lengths } : {}),
    ...(get("same") === null
      ? {}
      : {
          numbers: {
            scale: scale > MOST_DECIMALS ? undefined : scale,
            float32Same: Number(get("same")),
            float32AtScale: scale > MOST_DECIMALS ? 0 : Number(get("atScale")),
            unusual: Number(get("unusual")),
          },
        }),
    ...(get("zeros") === null ? {} : { leadingZeros: Number(get("zeros")) }),
    remarks:
      kind === "bool" && get("spelled") !== null
        ? [
            ...remarks,
            `words such as ${JSON.stringify(get("spelled"))} are read as true and false, and stay texts with --dtype ${measure.name}:str`,
          ]
        : remarks,
  };
}

function textFacts(get: Get): TextFacts {
  return {
    bytes: Number(get("bytes")),
    chars: Number(get("chars")),
    wide: Number(get("wide")),
    longest: Number(get("longest")),
  };
}

function shownOf(kind: Kind, value: number | string | null): ProfileValue {
  if (value === null) return null;
  if (kind === "int") {
    const whole = BigInt(value);
    return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
  }
  if (kind === "bool") return value === 1;
  if (kind === "date" || kind === "timestamp" || kind === "timestamptz") return new Date(Math.floor(Number(value)));
  return typeof value === "string" ? value.slice(0, 80) : value;
}

function firstRow({ columns }: EngineTable): Found {
  return new Map(
    columns.map(({ name, values, validity, dictionary }) => {
      if (validity && !isSet(validity, 0)) return [name, null];
      const value = values[0] as number | string;
      return [name, dictionary ? (dictionary[value as number] ?? null) : value];
    }),
  );
}
