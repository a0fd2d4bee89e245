import type { PartialAggregate, PartialState } from "../../frame/partial.ts";
import { compareKeys } from "../order.ts";
import { Numbers } from "./grow.ts";

/** The state of one aggregate over all chunks so far. */
export interface MergedState {
  /** Takes a chunk's state in: its group `i` is group `ids[i]` of `groups`. */
  add(state: PartialState, ids: Uint32Array, groups: number): void;
  /** The state of all groups, in the order of their numbers. */
  get(): PartialState;
}

/** An empty state for an aggregate of the kind. */
export function createState({ state }: PartialAggregate): MergedState {
  switch (state.fn) {
    case "sum":
    case "mean":
      return new SumState(state.fn);
    case "count":
      return new CountState();
    case "var":
    case "std":
      return new SpreadState(state.fn);
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

/** Where a group's sum is: how many values, and the double-double, whose low part keeps what each addition to the high part rounds off. */
const SUM = 3;

class SumState implements MergedState {
  readonly #fn: "sum" | "mean";
  /** One group behind the other, so that a group's three numbers come into the cache together. */
  readonly #sums = new Numbers();

  constructor(fn: "sum" | "mean") {
    this.#fn = fn;
  }

  add(state: StateOf<"sum" | "mean">, ids: Uint32Array, groups: number): void {
    this.#sums.reach(SUM * groups);
    const sums = this.#sums.values;
    for (let i = 0; i < ids.length; i++) {
      const at = SUM * (ids[i] as number);
      sums[at] = (sums[at] as number) + (state.n[i] as number);
      const [a, b] = [sums[at + 1] as number, state.high[i] as number];
      const sum = a + b;
      const part = sum - a;
      const lost = Number.isFinite(sum) ? a - (sum - part) + (b - part) : 0;
      const rest = (sums[at + 2] as number) + lost + (state.low ? (state.low[i] as number) : 0);
      sums[at + 1] = sum + rest;
      sums[at + 2] = Number.isFinite(sum) ? rest - (sum + rest - sum) : 0;
    }
  }

  get(): PartialState {
    const { values, length } = this.#sums;
    const part = (place: number) => {
      const list = new Float64Array(length / SUM);
      for (let i = 0; i < list.length; i++) list[i] = values[SUM * i + place] as number;
      return list;
    };
    return { fn: this.#fn, n: part(0), high: part(1), low: part(2) };
  }
}

class CountState implements MergedState {
  readonly #n = new Numbers();

  add(state: StateOf<"count">, ids: Uint32Array, groups: number): void {
    this.#n.reach(groups);
    const n = this.#n.values;
    for (let i = 0; i < ids.length; i++) n[ids[i] as number] = (n[ids[i] as number] as number) + (state.n[i] as number);
  }

  get(): PartialState {
    return { fn: "count", ...trimmed({ n: this.#n }) };
  }
}

/** Chan's way to join two Welford states. */
class SpreadState implements MergedState {
  readonly #fn: "var" | "std";
  readonly #n = new Numbers();
  readonly #mean = new Numbers();
  readonly #m2 = new Numbers();

  constructor(fn: "var" | "std") {
    this.#fn = fn;
  }

  add(state: StateOf<"var" | "std">, ids: Uint32Array, groups: number): void {
    for (const list of [this.#n, this.#mean, this.#m2]) list.reach(groups);
    const [n, mean, m2] = [this.#n.values, this.#mean.values, this.#m2.values];
    for (let i = 0; i < ids.length; i++) {
      const [id, more] = [ids[i] as number, state.n[i] as number];
      if (more === 0) continue;
      const before = n[id] as number;
      const count = before + more;
      const delta = (state.mean[i] as number) - (mean[id] as number);
      n[id] = count;
      mean[id] = (mean[id] as number) + (delta * more) / count;
      m2[id] = (m2[id] as number) + (state.m2[i] as number) + (delta * delta * before * more) / count;
    }
  }

  get(): PartialState {
    return { fn: this.#fn, ...trimmed({ n: this.#n, mean: this.#mean, m2: this.#m2 }) };
  }
}

class SetState implements MergedState {
  readonly #sets: Set<unknown>[] = [];

  add(state: StateOf<"nunique">, ids: Uint32Array, groups: number): void {
    while (this.#sets.length < groups) this.#sets.push(new Set());
    for (let i = 0; i < ids.length; i++) {
      const set = this.#sets[ids[i] as number] as Set<unknown>;
      for (const value of state.sets[i] ?? [])
        set.add(typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value);
    }
  }

  get(): PartialState {
    return { fn: "nunique", sets: this.#sets };
  }
}

class ExtremeState implements MergedState {
  readonly #fn: "min" | "max";
  readonly #values: unknown[] = [];

  constructor(fn: "min" | "max") {
    this.#fn = fn;
  }

  add(state: StateOf<"min" | "max">, ids: Uint32Array, groups: number): void {
    while (this.#values.length < groups) this.#values.push(null);
    const sign = this.#fn === "min" ? 1 : -1;
    for (let i = 0; i < ids.length; i++) {
      const [id, value] = [ids[i] as number, state.values[i] ?? null];
      const known = this.#values[id];
      if (value === null) continue;
      if (known === null || sign * compareKeys(value, known) < 0) this.#values[id] = value;
    }
  }

  get(): PartialState {
    return { fn: this.#fn, values: this.#values };
  }
}

class TruthState implements MergedState {
  readonly #fn: "any" | "all";
  readonly #values: (boolean | null)[] = [];

  constructor(fn: "any" | "all") {
    this.#fn = fn;
  }

  add(state: StateOf<"any" | "all">, ids: Uint32Array, groups: number): void {
    while (this.#values.length < groups) this.#values.push(null);
    for (let i = 0; i < ids.length; i++) {
      const [id, value] = [ids[i] as number, state.values[i] ?? null];
      const known = this.#values[id] ?? null;
      if (value === null) continue;
      this.#values[id] = known === null ? value : this.#fn === "any" ? known || value : known && value;
    }
  }

  get(): PartialState {
    return { fn: this.#fn, values: this.#values };
  }
}

function trimmed<K extends string>(lists: Record<K, Numbers>): Record<K, Float64Array> {
  const entries = Object.entries<Numbers>(lists).map(([name, list]) => [name, list.values.subarray(0, list.length)]);
  return Object.fromEntries(entries) as Record<K, Float64Array>;
}
