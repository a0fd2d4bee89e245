import type { DistinctPart } from "./distinct-values.ts";
import type { KeyValues } from "./group-keys.ts";
import type { StateRoom } from "./group-plan.ts";
import type { Texts } from "./texts-of.ts";

/** What groups are, as plain data. */
export interface GroupValues {
  readonly groups: number;
  /** In the order of the plan's keys. */
  readonly keys: readonly KeyValues[];
  /** The words of each state in the order of the plan's states, a word of all groups in an array of its own. */
  readonly states: readonly (readonly BigInt64Array<ArrayBuffer>[])[];
  /** By column of the plan; undefined where it holds no texts. */
  readonly texts: readonly (Texts | undefined)[];
  readonly room: StateRoom;
}

/** All that a table of groups holds, as plain data for another one. Without texts their codes are those of the other one's dictionaries. */
export interface GroupPart extends GroupValues {
  /** In the order of the plan's distinct states. */
  readonly distinct: readonly DistinctPart[];
  /** By column of the plan: what no sum of its magnitudes exceeds. */
  readonly bounds: Float64Array<ArrayBuffer>;
}
