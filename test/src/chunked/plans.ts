import type { Random } from "./datasets.ts";

/** A query in the words of `chunked`. */
export interface PlanWords {
  readonly by: readonly string[];
  readonly agg: readonly string[];
  readonly where?: string | undefined;
  readonly order?: readonly string[] | undefined;
  readonly limit?: number | undefined;
}

/** Plans over one data set that share keys, condition, order and limit, so that Spark can answer them in one job. */
export interface Family {
  readonly shared: Omit<PlanWords, "agg">;
  /** The order of the rows that `first`, `last` and `list` take; without one no plan has them. */
  readonly rowOrder: readonly string[];
  readonly plans: readonly (readonly string[])[];
}

const KEYS = ["id", "n", "big", "amount", "x", "city", "ok", "day", "at", "z"];
const COMPUTED = [
  "year(day) AS year",
  "date_trunc('month', at) AS month",
  "lower(city) AS lowered",
  "n % 3 AS rest",
  "coalesce(city, 'none') || '-' || id AS joined",
  "CASE WHEN amount > 0 THEN 'plus' WHEN amount < 0 THEN 'minus' END AS sign",
  "floor(amount / 10) AS tens",
  "length(city) AS long",
  "dayofweek(day) AS weekday",
];
const CONDITIONS = [
  "n > 0",
  "amount BETWEEN -20 AND 30.5 AND city IS NOT NULL",
  "city IN ('Oslo', 'Rome')",
  "big > 9007199254740992",
  "x >= 1",
  "day < '2024-03-01'",
  "ok = true",
  "id = '007'",
  "n > 1000000",
  "n > 0 OR city LIKE '%o%'",
  "NOT (amount < 0) AND abs(n) <> 2",
  "upper(city) = 'ROME' OR hour(at) > 12",
];
const ANY = ["count", "nunique", "min", "max", "mode"];
const NUMBERS = [...ANY, "sum", "mean", "var", "std", "median", "quantile:0.9", "any", "all"];
const ORDERED = ["first", "last", "list"];
const FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  id: ANY,
  n: NUMBERS,
  big: [...ANY, "sum", "mean"],
  amount: NUMBERS,
  x: NUMBERS,
  city: ANY,
  ok: [...ANY, "any", "all", "sum", "mean"],
  day: ANY,
  at: ANY,
  z: ANY,
};

/** A family of `count` plans. */
export function makeFamily(random: Random, count: number): Family {
  const computes = random.below(3) === 0;
  const by = random.shuffled(KEYS).slice(0, random.pick([0, 1, 1, 1, 2]));
  if (computes && by.length < 2) by.push(random.pick(COMPUTED));
  const names = by.map((key) => / AS (\w+)$/.exec(key)?.[1] ?? key);
  const where = random.below(2) === 0 ? random.pick(CONDITIONS) : undefined;
  const order = random.below(2) === 0 ? names.map((name) => `${name}${random.pick(["", ":desc"])}`) : undefined;
  const limit = random.below(4) === 0 ? 1 + random.below(6) : undefined;
  const rest = KEYS.filter((key) => !names.includes(key));
  const rowOrder =
    random.below(3) === 0
      ? random
          .shuffled(rest)
          .slice(0, 2)
          .map((key) => `${key}${random.pick(["", ":desc"])}`)
      : [];
  const plans = Array.from({ length: count }, () => {
    const chosen = random.shuffled(rest).slice(0, 1 + random.below(3));
    const agg = chosen.map(
      (column) => `${column}:${random.pick([...(FUNCTIONS[column] ?? []), ...(rowOrder.length > 0 ? ORDERED : [])])}`,
    );
    return random.below(3) === 0 ? [...agg, "*:count"] : agg;
  });
  return { shared: { by, where, order, limit }, rowOrder, plans };
}

/** One plan of a family as it is asked alone. */
export function planOf({ shared, rowOrder }: Family, agg: readonly string[]): PlanWords {
  const takesOrder = agg.some((one) => ORDERED.includes(one.split(":")[1] ?? ""));
  const order = [...(shared.order ?? []), ...(takesOrder ? rowOrder : [])];
  return { ...shared, agg, order: order.length > 0 ? order : undefined };
}

/** All plans of a family as one, with a name for each of their aggregates. */
export function joined(family: Family): { readonly words: PlanWords; readonly names: readonly (readonly string[])[] } {
  const names = family.plans.map((plan, i) => plan.map((_, j) => `p${i}_${j}`));
  const agg = family.plans.flatMap((plan, i) => plan.map((one, j) => `${names[i]?.[j]}=${one}`));
  return { words: planOf(family, agg), names };
}
