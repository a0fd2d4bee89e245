import type { Kind, ScanColumn } from "../table.ts";
import type { GroupValues } from "./group-part.ts";
import type { GroupPlan, PlannedAggregate } from "./group-plan.ts";
import { means, sumColumn } from "./group-sums.ts";
import { deviations } from "./group-variances.ts";
import { atLeast, GroupWords } from "./group-words.ts";
import type { Texts } from "./texts-of.ts";
import { bitmapOf, type ResultColumn, textColumn, valueColumn } from "./value-column.ts";

/** The columns of a result, keys first: what the groups hold becomes numbers, exact where the values are. */
export function groupColumns(
  columns: readonly ScanColumn[],
  request: { readonly keys: readonly string[] },
  plan: GroupPlan,
  part: GroupValues,
): ResultColumn[] {
  const types = plan.columns.map((column) => (columns[column] as ScanColumn).type);
  const keys = plan.keys.map((lane, i) => keyColumn(request.keys[i] as string, types[lane] as Kind, part, lane, i));
  const groups = new GroupWords(plan, part);
  return [...keys, ...plan.aggregates.map((aggregate) => resultOf(aggregate, types[aggregate.lane] as Kind, groups))];
}

function keyColumn(name: string, type: Kind, part: GroupValues, lane: number, index: number): ResultColumn {
  const { values, valid, texts = part.texts[lane] } = part.keys[index] as GroupValues["keys"][number];
  if (values instanceof BigInt64Array) return valueColumn(name, type, values, valid, texts);
  return textColumn(name, new Int32Array(values.buffer, values.byteOffset, values.length), valid, texts as Texts);
}

function resultOf({ fn, name, lane }: PlannedAggregate, type: Kind, groups: GroupWords): ResultColumn {
  switch (fn) {
    case "count":
      return { name, type: "int64", values: groups.countWords(lane) };
    case "nunique":
      return { name, type: "int64", values: groups.copy("distinct", lane) };
    case "sum":
      return sumColumn(name, type, groups, lane);
    case "mean":
      return { name, type: "float64", ...means(groups, type, lane) };
    case "var":
    case "std":
      return { name, type: "float64", ...deviations(fn, groups, type, lane) };
    case "min":
    case "max":
      return valueColumn(name, type, groups.copy(fn, lane), groups.valid(lane), groups.part.texts[lane]);
    case "first":
    case "last": {
      // Before the first value the order is infinite.
      const valid = atLeast(groups.doubles(fn, lane, 0).map(finiteAsOne), 1);
      return valueColumn(name, type, groups.copy(fn, lane, 1), valid, groups.part.texts[lane]);
    }
    case "any":
    case "all":
      return { name, type: "bool", values: truths(fn, groups, lane), validity: bitmapOf(groups.valid(lane)) };
  }
}

function finiteAsOne(order: number): number {
  return Number.isFinite(order) ? 1 : 0;
}

function truths(fn: "any" | "all", groups: GroupWords, lane: number): Uint8Array {
  const counts = groups.counts(lane);
  const trues = groups.numbers("trues", lane);
  const values = new Uint8Array(trues.length);
  for (let i = 0; i < values.length; i++) {
    const count = trues[i] as number;
    if (count > 0 && (fn === "any" || count === counts[i])) values[i] = 1;
  }
  return values;
}
