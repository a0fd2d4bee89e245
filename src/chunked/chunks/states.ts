import { compareValues } from "../../frame/compare-values.ts";
import type { PartialAggregate, PartialState } from "../../frame/partial.ts";
import type { Records } from "./records.ts";

/** Where the doubles of an aggregate lie in the groups' records. */
export interface Places {
  /** How many values there are, which aggregates of one column share. */
  readonly n: number;
  /** The first of its own. */
  readonly own: number;
}

/** The state of one aggregate over all chunks so far. The counts of values are added by others, after it. */
export interface MergedState {
  /** Takes some groups of a chunk in: `i` is group `ids[i]`. */
  add(state: PartialState, ids: Uint32Array, from: number, to: number): void;
  /** The state of the groups that are named, in their order. */
  get(order: Uint32Array): PartialState;
}

/** How many doubles a group's record has for an aggregate, its count apart. */
export function widthOf({ state }: PartialAggregate): number {
  if (state.fn === "var" || state.fn === "std") return 3;
  return state.fn === "sum" || state.fn === "mean" ? 2 : 0;
}

/** An empty state for an aggregate of the kind. */
export function createState({ state }: PartialAggregate, records: Records, places: Places): MergedState {
  switch (state.fn) {
    case "sum":
    case "mean":
      return new SumState(state.fn, records, places);
    case "count":
      return new CountState(records, places);
    case "var":
    case "std":
      return new SpreadState(state.fn, records, places);
    case "nunique":
      return new SetState();
    case "min":
    case "max":
      return new ExtremeState(state.fn);
    case "any":
    case "all":
      return new TruthState(state.fn);
  }
}

type StateOf<F extends PartialState["fn"]> = Extract<PartialState, { fn: F }>;

/** A double-double: the low part keeps what each addition to the high part rounds off. */
class SumState implements MergedState {
  readonly #fn: "sum" | "mean";
  readonly #records: Records;
  readonly #places: Places;

  constructor(fn: "sum" | "mean", records: Records, places: Places) {
    this.#fn = fn;
    this.#records = records;
    this.#places = places;
  }

  add({ high, low }: StateOf<"sum" | "mean">, ids: Uint32Array, from: number, to: number): void {
    const { values, width } = this.#records;
    const { own } = this.#places;
    for (let i = from; i < to; i++) {
      const at = width * (ids[i] as number) + own;
      const [a, b] = [values[at] as number, high[i] as number];
      const sum = a + b;
      const part = sum - a;
      const lost = a - (sum - part) + (b - part);
      // Of an infinity what is lost is no number.
      if (Number.isNaN(lost)) {
        values[at] = sum;
        values[at + 1] = 0;
        continue;
      }
      const rest = (values[at + 1] as number) + lost + (low ? (low[i] as number) : 0);
      values[at] = sum + rest;
      values[at + 1] = rest - (sum + rest - sum);
    }
  }

  get(order: Uint32Array): PartialState {
    const { n, own } = this.#places;
    const part = (place: number) => this.#records.column(place, order);
    return { fn: this.#fn, n: part(n), high: part(own), low: part(own + 1) };
  }
}

class CountState implements MergedState {
  readonly #records: Records;
  readonly #places: Places;

  constructor(records: Records, places: Places) {
    this.#records = records;
    this.#places = places;
  }

  /** The count is all there is. */
  add(): void {}

  get(order: Uint32Array): PartialState {
    return { fn: "count", n: this.#records.column(this.#places.n, order) };
  }
}

/**
 * Chan's way to join two Welford states: mean, squared deviations, and how many values are in them. A chunk may have a group more than
 * once, and the shared count follows behind.
 */
class SpreadState implements MergedState {
  readonly #fn: "var" | "std";
  readonly #records: Records;
  readonly #places: Places;

  constructor(fn: "var" | "std", records: Records, places: Places) {
    this.#fn = fn;
    this.#records = records;
    this.#places = places;
  }

  add(state: StateOf<"var" | "std">, ids: Uint32Array, from: number, to: number): void {
    const { values, width } = this.#records;
    for (let i = from; i < to; i++) {
      const [at, more] = [width * (ids[i] as number) + this.#places.own, state.n[i] as number];
      if (more === 0) continue;
      const before = values[at + 2] as number;
      const count = before + more;
      values[at + 2] = count;
      if (before === 0) {
        // Exactly what it was: the general way rounds.
        values[at] = state.mean[i] as number;
        values[at + 1] = state.m2[i] as number;
        continue;
      }
      const mean = values[at] as number;
      const delta = (state.mean[i] as number) - mean;
      values[at] = mean + (delta * more) / count;
      values[at + 1] = (values[at + 1] as number) + (state.m2[i] as number) + (delta * delta * before * more) / count;
    }
  }

  get(order: Uint32Array): PartialState {
    const { n, own } = this.#places;
    const part = (place: number) => this.#records.column(place, order);
    return { fn: this.#fn, n: part(n), mean: part(own), m2: part(own + 1) };
  }
}

class SetState implements MergedState {
  readonly #sets: Set<unknown>[] = [];

  add({ sets }: StateOf<"nunique">, ids: Uint32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const id = ids[i] as number;
      while (this.#sets.length <= id) this.#sets.push(new Set());
      const set = this.#sets[id] as Set<unknown>;
      for (const value of sets[i] ?? [])
        set.add(typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value);
    }
  }

  get(order: Uint32Array): PartialState {
    return { fn: "nunique", sets: Array.from(order, (group) => this.#sets[group] as Set<unknown>) };
  }
}

class ExtremeState implements MergedState {
  readonly #fn: "min" | "max";
  readonly #values: unknown[] = [];

  constructor(fn: "min" | "max") {
    this.#fn = fn;
  }

  add({ values }: StateOf<"min" | "max">, ids: Uint32Array, from: number, to: number): void {
    const sign = this.#fn === "min" ? 1 : -1;
    for (let i = from; i < to; i++) {
      const [id, value] = [ids[i] as number, values[i] ?? null];
      while (this.#values.length <= id) this.#values.push(null);
      const known = this.#values[id];
      if (value === null) continue;
      if (known === null || sign * compareValues(value, known) < 0) this.#values[id] = value;
    }
  }

  get(order: Uint32Array): PartialState {
    return { fn: this.#fn, values: Array.from(order, (group) => this.#values[group]) };
  }
}

class TruthState implements MergedState {
  readonly #fn: "any" | "all";
  readonly #values: (boolean | null)[] = [];

  constructor(fn: "any" | "all") {
    this.#fn = fn;
  }

  add({ values }: StateOf<"any" | "all">, ids: Uint32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const [id, value] = [ids[i] as number, values[i] ?? null];
      while (this.#values.length <= id) this.#values.push(null);
      const known = this.#values[id] ?? null;
      if (value === null) continue;
      this.#values[id] = known === null ? value : this.#fn === "any" ? known || value : known && value;
    }
  }

  get(order: Uint32Array): PartialState {
    return { fn: this.#fn, values: Array.from(order, (group) => this.#values[group] as boolean | null) };
  }
}
