import { countOf, formatCount } from "../units.ts";
import { quoteItem } from "../words.ts";
import { MOST_CATEGORIES } from "./advise.ts";
import type { ColumnFacts, TextFacts } from "./facts.ts";
import { MOST_DECIMALS } from "./measure.ts";
import type { Kind, Measure } from "./pass-sql.ts";
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
/** Whole numbers beyond it do not fit into 64 bits. */
const BEYOND_INT64 = 2 ** 63;
const NO_TEXT: TextFacts = { bytes: 0, chars: 0, wide: 0, longest: 0 };

/** What a round is called while it runs. */
export function operationOf(round: number, columns: number): string {
  if (round === 0) return "profile";
  return `profile: checking ${countOf(columns, "column")} again`;
}

/** A figure of a column by the name that the pass gives it; null where there is none. */
export type Get = (what: string) => number | string | null;

/** What to measure instead, or undefined when the figures stand. */
export function judge(column: PassColumn, get: Get): PassColumn | undefined {
  const { measure, remarks } = column;
  const count = (what: string) => Number(get(what) ?? 0);
  if (measure.isWritten && measure.kind !== "text") {
    const misfits = count("present") - count("fitting");
    const isChanged = measure.kind === "int" && count("odd") > 0;
    if (misfits > 0 || isChanged || count("zeros") > 0) {
      const kind = count("zeros") > 0 ? "text" : (measure.pattern === undefined && WIDER[measure.kind]) || "text";
      const type = TYPE_OF_KIND[measure.kind];
      const misfit = JSON.stringify(get("misfit"));
      const many = `${formatCount(misfits)} of ${formatCount(count("present"))} values ${misfits === 1 ? "does" : "do"} not read as ${type}`;
      const isOneWord = get("misfit") === get("lastMisfit") && count("fitting") > 0;
      const remark = isOneWord
        ? `${many}: ${misfit}, which --na ${quoteItem(String(get("misfit")))} would read as missing`
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

/** What is told of a column whose figures stand. */
export function factsOf({ measure, declared, remarks }: PassColumn, get: Get, rows: number): ColumnFacts {
  const { kind, isWritten } = measure;
  const present = Number(get("present") ?? 0);
  const type = declared ?? TYPE_OF_KIND[kind];
  const lengths = get("bytes") === null ? NO_TEXT : textFacts(get);
  const readsAs = isWritten && declared === "str" && kind !== "text" ? TYPE_OF_KIND[kind] : undefined;
  const scale = Number(get("scale") ?? 0);
  const isSpelled = kind === "bool" && get("spelled") !== null;
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
    ...(/^date|^timestamp/.test(kind) && isWritten && declared === undefined
      ? { written: lengths, dateFormat: measure.pattern }
      : {}),
    ...(readsAs ? { readsAs, text: lengths } : {}),
    ...(isSpelled ? { isSpelled } : {}),
    ...(get("same") === null
      ? {}
      : {
          numbers: {
            scale: scale > MOST_DECIMALS ? undefined : scale,
            float32Same: Number(get("same")),
            float32AtScale: scale > MOST_DECIMALS ? 0 : Number(get("atScale")),
            unusual: Number(get("unusual")),
            notFinite: Number(get("notFinite")),
          },
        }),
    ...(Number(get("nullWords") ?? 0) > 0 ? { hasNullWords: true } : {}),
    ...(get("zeros") === null ? {} : { leadingZeros: Number(get("zeros")) }),
    remarks: isSpelled
      ? [
          ...remarks,
          `words such as ${JSON.stringify(get("spelled"))} are read as true and false, and stay texts with --dtype ${quoteItem(measure.name)}:str`,
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
