import { parseType } from "../frame/types.ts";
import { countOf, formatBytes, formatCount } from "../units.ts";
import { bytesUnder } from "./bytes.ts";
import type { ColumnFacts } from "./facts.ts";

export interface Advice {
  readonly type: string;
  readonly proof: string;
  readonly lossy: boolean;
}

/** Above this many different values they are counted approximately, and no dictionary is advised. */
export const MOST_CATEGORIES = 65_536;
/** A category pays when a value comes back this often. */
const LEAST_REPEATS = 2;
/** Data grows: an integer type is advised when it still fits a quarter beyond the range that was seen. */
const HEADROOM = 1.25;

/** A type that holds the column's values in less memory, with what proves it and what it saves. */
export function advise(facts: ColumnFacts): Advice {
  const stays = (proof: string): Advice => ({ type: facts.type, proof, lossy: false });
  const present = facts.rows - facts.nulls;
  if (facts.rows === 0) return stays("no rows, nothing to prove");
  if (present === 0) return stays("only missing values");
  if (facts.span !== undefined) return stays(`spans of time, ${facts.span} in pandas, which no smaller type holds`);
  const candidate = candidateOf(facts, present);
  const remarks = [...leftOut(facts), ...(facts.remarks ?? [])].join("; ");
  const price = bytesUnder(facts, facts.type) - bytesUnder(facts, candidate.type);
  if (candidate.type === facts.type || price <= 0) {
    const reason = candidate.type === facts.type ? candidate.proof : `${candidate.type} would save nothing`;
    return stays([reason, remarks].filter(Boolean).join("; "));
  }
  const parts = [candidate.proof, remarks, `saves ${formatBytes(price)}`, candidate.lossy ? "sums stay float64" : ""];
  return { type: candidate.type, proof: parts.filter(Boolean).join("; "), lossy: candidate.lossy };
}

/** What smallest and largest value do not show. */
function leftOut({ numbers }: ColumnFacts): string[] {
  const odd = numbers?.notFinite ?? 0;
  if (odd === 0) return [];
  return [`${countOf(odd, "value")} ${odd === 1 ? "is" : "are"} NaN or infinite, and left out of min and max`];
}

function candidateOf(facts: ColumnFacts, present: number): Advice {
  const { family } = parseType(facts.readsAs ?? facts.type);
  if (family === "int") return narrowInteger(facts, facts.readsAs ?? facts.type);
  if (family === "float" && facts.numbers) return narrowFloat(facts, present);
  if (facts.readsAs !== undefined)
    return { type: facts.readsAs, proof: `every text reads as ${facts.readsAs}`, lossy: false };
  if (family === "text") return asCategory(facts, present);
  const proof =
    family === "decimal" ? "exact decimals" : family === "category" ? "texts kept once" : "as small as it gets";
  return { type: facts.type, proof, lossy: false };
}

function narrowInteger(facts: ColumnFacts, type: string): Advice {
  const { min, max } = facts;
  const now = parseType(type);
  const bits = now.family === "int" ? now.bits : 64;
  const range = `${show(min)} to ${show(max)}`;
  let tight = "";
  for (const width of [8, 16, 32] as const) {
    if (width >= bits && facts.readsAs === undefined) break;
    const most = 2 ** (width - 1);
    if (tight === "" && Number(min) >= -most && Number(max) < most)
      tight = `, for int${width} leaves little room to grow`;
    if (Number(min) * HEADROOM >= -most && Number(max) * HEADROOM <= most - 1)
      return { type: `int${width}`, proof: `${range}, whole numbers in every row`, lossy: false };
  }
  return { type, proof: `${range} needs ${type}${tight}`, lossy: false };
}

function narrowFloat(facts: ColumnFacts, present: number): Advice {
  const type = facts.readsAs ?? facts.type;
  const { scale, float32Same, float32AtScale, unusual } = facts.numbers ?? {
    scale: undefined,
    float32Same: 0,
    float32AtScale: 0,
    unusual: 0,
  };
  if (parseType(type).family === "float" && type === "float32" && scale !== 0)
    return { type, proof: "is float32 already", lossy: false };
  if (
    scale === 0 &&
    unusual === 0 &&
    Math.abs(Number(facts.min)) <= 2 ** 53 &&
    Math.abs(Number(facts.max)) <= 2 ** 53
  ) {
    const narrow = narrowInteger(facts, "int64");
    return { ...narrow, proof: `every value is whole, ${show(facts.min)} to ${show(facts.max)}` };
  }
  if (float32Same === present) return { type: "float32", proof: "float32 holds every value exactly", lossy: false };
  const changed = percent(present - float32Same, present);
  if (scale !== undefined && float32AtScale === present)
    return { type: "float32", proof: `lossy for ${changed} of values, exact at ${decimals(scale)}`, lossy: true };
  const at = scale === undefined ? "" : `, ${percent(present - float32AtScale, present)} even at ${decimals(scale)}`;
  return { type, proof: `float32 would change ${changed} of values${at}`, lossy: false };
}

function asCategory(facts: ColumnFacts, present: number): Advice {
  const zeros = facts.leadingZeros ?? 0;
  const digits =
    zeros > 0 ? `${formatCount(zeros)} with a leading zero, which a number would lose, so it stays text` : "";
  const say = (words: string) => [digits, words].filter(Boolean).join("; ");
  const isFew = facts.distinctExact && facts.distinct <= MOST_CATEGORIES && facts.distinct * LEAST_REPEATS <= present;
  if (!isFew)
    return {
      type: facts.type,
      proof: say(`${facts.distinctExact ? "" : "about "}${countOf(facts.distinct, "different text")}`),
      lossy: false,
    };
  return {
    type: "category",
    proof: say(
      facts.distinct === 1
        ? `the same text in all of ${formatCount(present)} rows`
        : `${formatCount(facts.distinct)} different texts in ${formatCount(present)} rows`,
    ),
    lossy: false,
  };
}

function show(value: unknown): string {
  return typeof value === "number" || typeof value === "bigint" ? formatCount(value) : String(value);
}

/** Never "0 %" or "100 %" for what is not all or nothing. */
function percent(part: number, whole: number): string {
  const share = (part / whole) * 100;
  if (share === 0 || share === 100) return `${share} %`;
  return share < 1 ? "less than 1 %" : share > 99 ? "more than 99 %" : `${Math.round(share)} %`;
}

function decimals(scale: number): string {
  return scale === 1 ? "1 decimal" : `${scale} decimals`;
}
