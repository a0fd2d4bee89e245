import type { PartialAggregate, PartialState } from "../../frame/partial.ts";
import { Records } from "./records.ts";
import { createState, type MergedState, widthOf } from "./states.ts";

/** Groups taken in at a time: their records stay in the processor's cache from one aggregate to the next. */
const BATCH = 256;
/** Smaller records of all groups, in doubles, are in the cache in any case. */
const CACHED = 2 ** 15;

/** What the fetched doubles add up to, so that fetching them is not optimised away. */
const fetched = new Float64Array(1);

/** The states of all aggregates over all chunks so far. */
export class MergedStates {
  readonly #records: Records;
  readonly #states: readonly MergedState[];
  /** By place in the records: an aggregate that has the counts which are added there. */
  readonly #counted: ReadonlyMap<number, number>;

  constructor(aggregates: readonly PartialAggregate[]) {
    const counts = new Map<string, number>();
    const counted = new Map<number, number>();
    let width = 0;
    const places = aggregates.map((aggregate, i) => {
      const n = counts.get(aggregate.column) ?? width;
      if ("n" in aggregate.state && n === width) {
        counts.set(aggregate.column, n);
        counted.set(n, i);
        width++;
      }
      const own = width;
      width += widthOf(aggregate);
      return { n, own };
    });
    this.#records = new Records(width);
    this.#counted = counted;
    this.#states = aggregates.map((aggregate, i) =>
      createState(aggregate, this.#records, places[i] as (typeof places)[number]),
    );
  }

  /** Takes a chunk's aggregates in: their group `i` is group `ids[i]` of `groups`. */
  add(aggregates: readonly PartialAggregate[], ids: Uint32Array, groups: number): void {
    this.#records.reach(groups);
    for (let from = 0; from < ids.length; from += BATCH) {
      const to = Math.min(from + BATCH, ids.length);
      if (this.#records.values.length > CACHED) this.#fetch(ids, from, to);
      this.#states.forEach((state, i) => {
        state.add((aggregates[i] as PartialAggregate).state, ids, from, to);
      });
      for (const [place, i] of this.#counted) {
        const { state } = aggregates[i] as PartialAggregate;
        if ("n" in state) this.#count(state.n, ids, place, from, to);
      }
    }
  }

  /** The state of the aggregate with this number, of the groups that are named. */
  get(i: number, order: Uint32Array): PartialState {
    return (this.#states[i] as MergedState).get(order);
  }

  /** Loads of so little code that many of them are on their way from the memory together. */
  #fetch(ids: Uint32Array, from: number, to: number): void {
    const { values, width } = this.#records;
    let sum = 0;
    for (let i = from; i < to; i++) sum += values[width * (ids[i] as number)] as number;
    fetched[0] = sum;
  }

  #count(n: ArrayLike<number>, ids: Uint32Array, place: number, from: number, to: number): void {
    const { values, width } = this.#records;
    for (let i = from; i < to; i++) {
      const at = width * (ids[i] as number) + place;
      values[at] = (values[at] as number) + (n[i] as number);
    }
  }
}
