import type { ColumnTest, GroupFunction, GroupRequest } from "../../../src/scan/request.ts";
import type { Kind, ScanColumn } from "../../../src/scan/table.ts";
import type { Random } from "../chunked/datasets.ts";

const ANY: readonly GroupFunction[] = ["count", "nunique", "min", "max", "first", "last"];
const BOOLS: readonly GroupFunction[] = [...ANY, "sum", "mean", "any", "all"];
const NUMBERS: readonly GroupFunction[] = [...BOOLS, "var", "std"];

/** A column with what must be known of its values. */
export interface Askable extends ScanColumn {
  /** Sums of its values may overflow. */
  readonly isHuge?: boolean | undefined;
  /** It starts as something that values of its own are not compared with. */
  readonly isOther?: boolean | undefined;
}

/** A question that the columns allow: up to three keys, some aggregates, mostly no tests. */
export function makeRequest(random: Random, columns: readonly Askable[]): GroupRequest {
  const shuffled = random.shuffled(columns);
  const keys = shuffled.slice(0, random.pick([0, 1, 1, 1, 2, 3]));
  const used = random.shuffled(columns).slice(0, 4);
  const aggregates = used.flatMap((column, i) =>
    random
      .shuffled(functionsOf(column))
      .slice(0, 1 + random.below(4))
      .map((fn) => ({ fn, column: column.name, name: `${fn} ${i}` })),
  );
  const tests = random.pick([0, 0, 1, 2]);
  return {
    keys: keys.map(({ name }) => name),
    aggregates: [...aggregates, { fn: "count", column: "*", name: "rows" }],
    where: Array.from({ length: tests }, () => makeTest(random, random.pick(columns))),
    sorted: random.pick([true, false]),
  };
}

function functionsOf({ type: { kind }, isHuge }: Askable): readonly GroupFunction[] {
  if (isHuge && kind === "double") return NUMBERS.filter((fn) => !["sum", "mean", "var", "std"].includes(fn));
  if (kind === "bool") return BOOLS;
  return kind === "int" || kind === "decimal" || kind === "double" ? NUMBERS : ANY;
}

function makeTest(random: Random, { name, type, isOther }: Askable): ColumnTest {
  if (isOther || random.below(5) === 0) return { column: name, test: random.pick(["null", "not null"] as const) };
  const value = constant(random, type);
  if (random.below(4) === 0 && (typeof value === "number" || typeof value === "string")) {
    const values = [value, constant(random, type), constant(random, type)] as (number | string)[];
    return { column: name, test: random.pick(["in", "not in"] as const), values };
  }
  return { column: name, test: random.pick(["=", "!=", "<", "<=", ">", ">="] as const), value };
}

function constant(random: Random, { kind }: Kind): number | bigint | string | boolean | Date {
  switch (kind) {
    case "int":
      return random.pick([0, 1, -1, 2.5, 100, 2 ** 31, 2n ** 62n, 2n ** 53n + 1n, 2n ** 63n]);
    case "decimal":
      return random.pick([0, 0.5, 12.34, -0.01, 250, 0.1, 1e-7, 1e6]);
    case "double":
      return random.pick([0, 0.1, 2.5, -1e3, 1e300, Number.NaN]);
    case "bool":
      return random.below(2) === 0;
    case "text":
      return random.pick(["x", "cat_3", "é", "key 5", "", "M", "\u{1f600}"]);
    default:
      return new Date(random.pick([0, 1_735_689_600_000, 1_709_164_800_000, -86_400_000, 951_782_400_000 + 3_600_000]));
  }
}
