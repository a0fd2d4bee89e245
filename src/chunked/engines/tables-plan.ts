import { UsageError } from "../../errors.ts";
import { typeInWords } from "../../frame/no-type.ts";
import { parseDtypes } from "../../query/dtypes.ts";
import { mentions, type QueryPlan } from "../../query/plan.ts";
import type { ScanColumn } from "../../scan/table.ts";
import { kindOfArrow } from "../../scan/tables/arrow-kinds.ts";
import { refuseConflicts } from "../../source/drift.ts";
import { schemaOfFields, type TableField, type TableSource } from "../../tables/table-source.ts";
import type { Refusal } from "../answer.ts";
import type { ChunkedOptions } from "../options.ts";
import { planOf } from "./checked-plan.ts";
import { isRough, type ScanWords, usedIn, wordsOf } from "./scan-plan.ts";

/** A query in the scanner's words over tables, with the columns that it reads. */
export interface TablesPlan extends ScanWords {
  readonly columns: readonly ScanColumn[];
}

/**
 * The query as the scanner would do it over tables, or why another engine must.
 *
 * @throws {UsageError | DataError} for what no engine takes
 */
export function tablesPlanOf(source: TableSource, options: ChunkedOptions): TablesPlan | Refusal {
  const { fields = [], conflicts = [] } = source;
  const plan = planFrom(source, options);
  if ("refused" in plan) return plan;
  const declared = parseDtypes(options.dtype ?? {});
  refuseConflicts(conflicts, mentions(options), declared);
  const words = wordsOf(plan, plan.columns);
  if ("refused" in words) return words;
  const used = new Set(usedIn(words));
  const types = new Map(fields.map(({ name, type }) => [name, kindOfArrow(type)]));
  const odd = fields.find(({ name }) => used.has(name) && (types.get(name) === undefined || declared[name]));
  if (odd) return { refused: reasonFor(odd, declared[odd.name]) };
  const rough = words.where.find((test) => isRough(test, types));
  if (rough) return { refused: `"${rough.column}" is float32, and is compared with a number that is none` };
  const columns = [...types].flatMap(([name, type]) =>
    type && used.has(name) ? [{ name, type, isDeclared: false }] : [],
  );
  return { ...words, columns };
}

function planFrom({ fields = [], isOfFirst }: TableSource, options: ChunkedOptions): QueryPlan | Refusal {
  try {
    return planOf(schemaOfFields(fields), options);
  } catch (failure) {
    const isOfColumns = failure instanceof UsageError && /^E_(NO_COLUMN|WRONG_TYPE|BAD_ORDER)$/.test(failure.code);
    if (isOfFirst && isOfColumns) return { refused: "what is asked for may come in later rows" };
    // The general engine says it, or that it has no such type at all.
    if (failure instanceof UsageError && failure.code === "E_WRONG_TYPE") return { refused: failure.message };
    throw failure;
  }
}

function reasonFor({ name, type }: TableField, declared: string | undefined): string {
  return declared === undefined ? `"${name}" is ${typeInWords(type)}` : `"${name}" is to be made ${declared}`;
}
