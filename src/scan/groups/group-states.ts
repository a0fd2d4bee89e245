import type { KernelExports } from "#scan-kernel";
import type { Kind } from "../table.ts";
import type { Lane } from "./lane.ts";

/** What a record keeps of a column, apart from its key. */
export type StateName =
  | "rows"
  | "number"
  | "nulls"
  | "full"
  | "sum"
  | "wide"
  | "double"
  | "sized"
  | "min"
  | "max"
  | "squares"
  | "moments"
  | "trues"
  | "first"
  | "last"
  | "distinct";

/** Rows of a block on their way into their groups' records. */
export interface BlockRows {
  /** Address of the rows' record addresses. */
  readonly recs: number;
  readonly rows: number;
  /** Place of the first row in the file. */
  readonly order: number;
}

/** How one state of a record is kept; it is `words` words of eight bytes. */
interface StateMethods {
  readonly words: number;
  /** The words before the first row. */
  before(type: Kind): readonly bigint[];
  add(calls: KernelExports, block: BlockRows, lane: Lane, at: number): void;
  /** Takes states of another table, each word of them in a column of its own. */
  merge(calls: KernelExports, block: BlockRows, words: readonly number[], lane: Lane, at: number): void;
}

const GREATEST = 2n ** 63n - 1n;
const LEAST = 2n ** 63n;
const NO_TEXT = 0xffffffffn;
const NAN = 0x7ff8_0000_0000_0000n;
const INFINITE = 0x7ff0_0000_0000_0000n;
const MINUS_INFINITE = 0xfff0_0000_0000_0000n;

const nothing = () => {};
const zeros = (count: number) => () => new Array<bigint>(count).fill(0n);

/** A count that grows by counts of other tables. */
function counter(add: StateMethods["add"]): StateMethods {
  const merge: StateMethods["merge"] = (calls, { recs, rows }, [counts = 0], _, at) =>
    calls.sumInts(recs, counts, rows, at);
  return { words: 1, before: zeros(1), add, merge };
}

function extreme(side: "min" | "max", [int, double]: readonly [bigint, bigint]): StateMethods {
  return {
    words: 1,
    before: ({ kind }) => [kind === "text" ? NO_TEXT : kind === "double" ? double : int],
    add: (calls, block, lane, at) => {
      takeExtreme(calls, side, block, lane, [lane.values, lane.type.kind === "text" ? 4 : 8, lane.valid], at);
    },
    merge: (calls, block, [words = 0], lane, at) => {
      takeExtreme(calls, side, block, lane, [words, 8, 0], at);
    },
  };
}

function takeExtreme(
  calls: KernelExports,
  side: "min" | "max",
  { recs, rows }: BlockRows,
  { type, dictionary }: Lane,
  [values, stride, valid]: readonly [number, number, number],
  at: number,
): void {
  if (type.kind === "text") calls[`${side}Texts`](recs, values, stride, valid, rows, dictionary, at);
  else if (type.kind === "double") calls[`${side}Doubles`](recs, values, valid, rows, at);
  else calls[`${side}Ints`](recs, values, valid, rows, at);
}

/** States that hold, of texts, a code: in their last word. */
export const HOLDS_CODES: ReadonlySet<StateName> = new Set(["min", "max", "first", "last"]);

export const STATES: Readonly<Record<StateName, StateMethods>> = {
  rows: counter((calls, { recs, rows }, _, at) => calls.addRows(recs, rows, at)),
  nulls: counter((calls, { recs, rows }, { valid }, at) => {
    if (valid !== 0) calls.addNulls(recs, valid, rows, at);
  }),
  // In place of the count of missing values, as long as there were none.
  full: { words: 0, before: zeros(0), add: nothing, merge: nothing },
  trues: counter((calls, { recs, rows }, { type, values }, at) => {
    if (type.kind === "double") calls.countTrueDoubles(recs, values, rows, at);
    else calls.countTrueInts(recs, values, rows, at);
  }),
  sum: counter((calls, { recs, rows }, { values }, at) => calls.sumInts(recs, values, rows, at)),
  wide: {
    words: 2,
    before: zeros(2),
    add: (calls, { recs, rows }, { values }, at) => calls.sumWide(recs, values, rows, at),
    // A sum of 64 bits comes in one word, with nothing for the second.
    merge: (calls, { recs, rows }, [lows = 0, highs], _, at) => {
      if (highs === undefined) calls.sumWide(recs, lows, rows, at);
      else calls.mergeWide(recs, lows, highs, rows, at);
    },
  },
  double: {
    words: 2,
    before: zeros(2),
    add: (calls, { recs, rows }, { values }, at) => calls.sumDoubles(recs, values, rows, at),
    merge: (calls, { recs, rows }, [sums = 0, rests = 0], _, at) => calls.mergeDoubles(recs, sums, rests, rows, at),
  },
  // The same with the sum of sizes, where there are values of both signs. Of those before, which had one, it is their sum.
  sized: {
    words: 3,
    before: zeros(3),
    add: (calls, { recs, rows }, { values }, at) => calls.sumSizedDoubles(recs, values, rows, at),
    merge: (calls, { recs, rows }, [sums = 0, rests = 0, sizes = sums], _, at) =>
      calls.mergeSizedDoubles(recs, sums, rests, sizes, rows, at),
  },
  min: extreme("min", [GREATEST, NAN]),
  max: extreme("max", [LEAST, MINUS_INFINITE]),
  squares: {
    words: 3,
    before: zeros(3),
    add: (calls, { recs, rows }, { values }, at) => calls.sumSquares(recs, values, rows, at),
    merge: (calls, { recs, rows }, [low = 0, middle = 0, high = 0], _, at) =>
      calls.mergeSquares(recs, low, middle, high, rows, at),
  },
  moments: {
    words: 3,
    before: zeros(3),
    add: (calls, { recs, rows }, { values, valid }, at) => calls.addMoments(recs, values, valid, rows, at),
    merge: (calls, { recs, rows }, [counts = 0, means = 0, squares = 0], _, at) =>
      calls.mergeMoments(recs, counts, means, squares, rows, at),
  },
  first: {
    words: 2,
    before: () => [INFINITE, 0n],
    add: (calls, { recs, rows, order }, lane, at) => calls.takeFirst(recs, lane.words, lane.valid, rows, order, at),
    merge: (calls, { recs, rows }, [orders = 0, bits = 0], _, at) => calls.mergeFirst(recs, orders, bits, rows, at),
  },
  last: {
    words: 2,
    before: () => [MINUS_INFINITE, 0n],
    add: (calls, { recs, rows, order }, lane, at) => calls.takeLast(recs, lane.words, lane.valid, rows, order, at),
    merge: (calls, { recs, rows }, [orders = 0, bits = 0], _, at) => calls.mergeLast(recs, orders, bits, rows, at),
  },
  // The table writes a record's number, and sets of pairs count their own new ones.
  number: { words: 1, before: zeros(1), add: nothing, merge: nothing },
  distinct: { words: 1, before: zeros(1), add: nothing, merge: nothing },
};
