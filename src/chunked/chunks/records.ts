import { Numbers } from "./grow.ts";

/** Doubles of each group beside each other, so that all that is known of a group comes into the cache together. */
export class Records {
  readonly width: number;
  readonly #numbers = new Numbers();

  constructor(width: number) {
    this.width = width;
  }

  /** Makes room for so many groups; new ones are 0. */
  reach(groups: number): void {
    this.#numbers.reach(this.width * groups);
  }

  /** The doubles themselves, to read and to write until the next `reach`. */
  get values(): Float64Array {
    return this.#numbers.values;
  }

  /** One of the doubles of the groups that are named, in their order. */
  column(place: number, order: Uint32Array): Float64Array {
    const { width } = this;
    const { values } = this.#numbers;
    const taken = new Float64Array(order.length);
    for (let i = 0; i < taken.length; i++) taken[i] = values[width * (order[i] as number) + place] as number;
    return taken;
  }
}
