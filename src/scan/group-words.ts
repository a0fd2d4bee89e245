import { type GroupPlan, stateOf } from "./group-plan.ts";
import type { StateName } from "./group-states.ts";
import type { GroupPart } from "./group-table.ts";
import { decimalNumbers } from "./value-column.ts";

type Words = BigInt64Array<ArrayBuffer>;

/** The states of all groups by name and column. */
export class GroupWords {
  readonly plan: GroupPlan;
  readonly part: GroupPart;

  constructor(plan: GroupPlan, part: GroupPart) {
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

  counts(lane: number): Float64Array {
    const counts = this.numbers("rows", -1);
    const [nulls] = this.words("nulls", lane);
    if (!nulls) return counts;
    const missing = decimalNumbers(nulls, 0);
    return counts.map((count, i) => count - (missing[i] as number));
  }

  /** A byte a group, 0 where the column has no value. */
  valid(lane: number): Uint8Array {
    return Uint8Array.from(this.counts(lane), (count) => (count > 0 ? 1 : 0));
  }
}
