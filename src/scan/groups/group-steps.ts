import type { KernelExports } from "#scan-kernel";
import type { PlannedState } from "./group-plan.ts";
import { type BlockRows, STATES } from "./group-states.ts";
import type { Lane } from "./lane.ts";

/** Brings the rows of a block that the lanes hold into their records. */
export type Step = (calls: KernelExports, block: BlockRows) => void;

/** First sums that share a loop with the count of rows, by the name of their state. */
const WITH_ROWS = { sum: "addRowsAndInts", double: "addRowsAndDoubles" } as const;

/** How rows get into their records: state by state, but for rows and a first sum, which share a loop: a record that is not in the cache is then fetched once. */
export function stepsOf(states: readonly PlannedState[], lanes: readonly Lane[]): Step[] {
  const count = states.find(({ name }) => name === "rows");
  const sum = states.find(isJoined);
  const single = states.filter((state) => !sum || (state !== count && state !== sum));
  const steps = single.map(({ name, lane, at }): Step => {
    const { add } = STATES[name];
    const values = lanes[lane] as Lane;
    return (calls, block) => add(calls, block, values, at);
  });
  if (!count || !sum) return steps;
  const summed = lanes[sum.lane] as Lane;
  const both: Step = (calls, { recs, rows }) => calls[WITH_ROWS[sum.name]](recs, summed.values, rows, count.at, sum.at);
  return [both, ...steps];
}

function isJoined(state: PlannedState): state is PlannedState & { readonly name: keyof typeof WITH_ROWS } {
  return state.name in WITH_ROWS;
}
