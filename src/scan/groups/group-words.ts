import type { GroupValues } from "./group-part.ts";
import { type GroupPlan, stateOf } from "./group-plan.ts";
import type { StateName } from "./group-states.ts";
import { decimalNumbers } from "./value-column.ts";

type Words = BigInt64Array<ArrayBuffer>;

/** The states of all groups by name and column. */
export class GroupWords {
  readonly plan: GroupPlan;
  readonly part: GroupValues;
  readonly #counts = new Map<number, Float64Array>();

  constructor(plan: GroupPlan, part: GroupValues) {
    this.plan = plan;
    this.part = part;
  }

  /** The words of a state; none when it is not kept. */
  words(name: StateName, lane: number): readonly Words[] {
    const state = stateOf(this.plan, name, lane);
    return state ? (this.part.states[this.plan.states.indexOf(state)] as readonly Words[]) : [];
  }

  /** A copy of one word, for a result of its own. */
  copy(name: StateName, lane: number, index = 0): Words {
    return (this.words(name, lane)[index] as Words).slice();
  }

  doubles(name: StateName, lane: number, index: number): Float64Array {
    return new Float64Array((this.words(name, lane)[index] as Words).buffer);
  }

  /** Counts as numbers. */
  numbers(name: StateName, lane: number): Float64Array {
    return decimalNumbers(this.words(name, lane)[0] as Words, 0);
  }

  /** Rows whose value is there; all rows for lane -1. */
  countWords(lane: number): Words {
    const counts = this.copy("rows", -1);
    const [nulls] = this.words("nulls", lane);
    if (nulls) for (let i = 0; i < counts.length; i++) counts[i] = (counts[i] as bigint) - (nulls[i] as bigint);
    return counts;
  }

  /** The same as numbers. */
  counts(lane: number): Float64Array {
    const known = this.#counts.get(lane);
    if (known) return known;
    const counts = this.numbers("rows", -1);
    const [nulls] = this.words("nulls", lane);
    const missing = nulls && decimalNumbers(nulls, 0);
    if (missing) for (let i = 0; i < counts.length; i++) counts[i] = (counts[i] as number) - (missing[i] as number);
    this.#counts.set(lane, counts);
    return counts;
  }

  /** A byte a group, 0 where the column has no value; undefined when every group has one. */
  valid(lane: number): Uint8Array | undefined {
    // No value of the column is missing, and a group with a key has rows.
    if (this.plan.keys.length > 0 && stateOf(this.plan, "full", lane)) return undefined;
    return atLeast(this.counts(lane), 1);
  }
}

/** A byte a number, 0 where it is less than `least`; undefined when none is. */
export function atLeast(numbers: Float64Array, least: number): Uint8Array | undefined {
  let isSome = false;
  const enough = new Uint8Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    if ((numbers[i] as number) >= least) enough[i] = 1;
    else isSome = true;
  }
  return isSome ? enough : undefined;
}
