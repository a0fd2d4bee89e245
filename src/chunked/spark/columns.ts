import { bitsWhere, isSet } from "../../frame/bits.ts";
import { columnsOf, type DataFrame } from "../../frame/frame.ts";
import type { EngineColumn } from "../../query/engine-table.ts";
import { columnsIn, type Expression } from "../../query/expression.ts";
import type { Answer } from "../answer.ts";
import type { SparkPlan } from "./query.ts";

/** A result of Spark under the names and types that the local engines give it, and the rows that went into it. */
export function answerFromSpark(frame: DataFrame, plan: SparkPlan): Pick<Answer, "columns" | "rows"> {
  const counts = (frame.column(plan.rowsName).values as readonly (number | bigint)[]).map(Number);
  const rows = plan.query.limit === undefined ? counts.reduce((sum, count) => sum + count, 0) : (counts[0] ?? 0);
  return { columns: columnsOfResult(frame, plan), rows };
}

function columnsOfResult(frame: DataFrame, { query: plan, keys }: SparkPlan): EngineColumn[] {
  const columns = columnsOf(frame);
  const types = new Map(plan.columns.map(({ name, type }) => [name, type]));
  const wanted = [
    ...plan.keys.map(({ name, expression }, i) => ({
      name,
      type: expression === undefined ? types.get(name) : zoned(keys[i], columns[i]?.type, types),
    })),
    ...plan.aggregates.map(({ fn, name, column }) => ({ name, type: typeOf(fn, types.get(column)) })),
  ];
  return wanted.map(({ name, type }, i) => {
    const column = columns[i];
    const { values = [], validity, dictionary } = column?.storage ?? {};
    const found = column?.type ?? "object";
    if (type === "integer") return wholeNumbers(name, values, validity);
    if (type === "uint64") return { name, type, values: withNulls(values, validity) };
    if (found === "list") return { name, type: "list", values: (values as readonly unknown[]).map(plainNumbers) };
    return { name, type: type ?? found, values, validity, dictionary: dictionary as readonly string[] | undefined };
  });
}

/** Times go to Spark without their zone: what was computed of such is one again. */
function zoned(
  key: Expression | undefined,
  found: string | undefined,
  types: ReadonlyMap<string, string>,
): string | undefined {
  const isOfZoned = key !== undefined && columnsIn(key).some((name) => types.get(name) === "datetime64[us, UTC]");
  return found === "datetime64[us]" && isOfZoned ? "datetime64[us, UTC]" : undefined;
}

function typeOf(fn: string, type = ""): string | undefined {
  const isInteger = /^(u?int|bool)/.test(type);
  if (fn === "sum" && isInteger) return "integer";
  return /^(min|max|first|last|mode)$/.test(fn) ? type : undefined;
}

/** Sums of integers: 64 bits as long as all fit, with or without a sign; else plain bigints. */
function wholeNumbers(name: string, values: EngineColumn["values"], validity: Uint8Array | undefined): EngineColumn {
  if (values instanceof BigInt64Array) return { name, type: "int64", values, validity };
  const all = withNulls(values, validity) as (bigint | null)[];
  const bits = bitsWhere(all.length, (i) => all[i] !== null);
  const fits = (wrap: (bits: number, value: bigint) => bigint) =>
    all.every((value) => value === null || wrap(64, value) === value);
  if (fits(BigInt.asIntN))
    return { name, type: "int64", values: BigInt64Array.from(all, (value) => value ?? 0n), validity: bits };
  if (fits(BigInt.asUintN))
    return { name, type: "uint64", values: BigUint64Array.from(all, (value) => value ?? 0n), validity: bits };
  return { name, type: "object", values: all };
}

function withNulls(values: EngineColumn["values"], validity: Uint8Array | undefined): unknown[] {
  return Array.from(values as ArrayLike<unknown>, (value, i) => (validity && !isSet(validity, i) ? null : value));
}

/** Integers inside of lists are numbers, as those of columns are. */
function plainNumbers(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((value: unknown) =>
    typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value,
  );
}
