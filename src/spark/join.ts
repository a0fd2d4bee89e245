import { oneOf, wrong } from "./check.ts";
import { Column } from "./column.ts";
import type { ExpressionInit } from "./connect/literal.ts";

/** How rows without a partner are treated, in PySpark's words; an underscore between words is allowed too. */
export type JoinType =
  | "inner"
  | "cross"
  | "outer"
  | "full"
  | "fullouter"
  | "full_outer"
  | "left"
  | "leftouter"
  | "left_outer"
  | "right"
  | "rightouter"
  | "right_outer"
  | "semi"
  | "leftsemi"
  | "left_semi"
  | "anti"
  | "leftanti"
  | "left_anti";

/** The number of each word in the protocol. */
const TYPES = {
  inner: 1,
  outer: 2,
  full: 2,
  fullouter: 2,
  full_outer: 2,
  left: 3,
  leftouter: 3,
  left_outer: 3,
  right: 4,
  rightouter: 4,
  right_outer: 4,
  anti: 5,
  leftanti: 5,
  left_anti: 5,
  semi: 6,
  leftsemi: 6,
  left_semi: 6,
  cross: 7,
} as const satisfies Record<JoinType, number>;

/** What two frames are joined on: names that both have, or conditions. */
export type JoinOn = string | Column | readonly string[] | readonly Column[];

/** The number of a join in the protocol. */
export function joinType(how: JoinType): number {
  return TYPES[oneOf(String(how).toLowerCase(), Object.keys(TYPES) as JoinType[], "the join")];
}

/** The part of a join that says what it is on; several conditions must all be true. */
export function joinKeys(on: JoinOn | undefined): {
  readonly usingColumns?: string[];
  readonly joinCondition?: ExpressionInit;
} {
  const list: readonly unknown[] = on === undefined ? [] : Array.isArray(on) ? on : [on];
  if (list.every((one) => typeof one === "string")) return { usingColumns: [...list] };
  if (list.every((one) => one instanceof Column))
    return { joinCondition: list.reduce((all, one) => all.and(one)).expression };
  throw wrong(
    "on mixes names and columns, or holds neither",
    'join on "id", on ["id", "day"], or on a.col("id").eq(b.col("ref"))',
  );
}
