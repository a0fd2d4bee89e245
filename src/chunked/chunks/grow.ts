/** A list of doubles that grows, for states with one item for each group. */
export class Numbers {
  #values = new Float64Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Makes room for `length` items; new ones are 0. */
  reach(length: number): void {
    if (length > this.#values.length) {
      const larger = new Float64Array(Math.max(length, this.#values.length * 2));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#length = Math.max(this.#length, length);
  }

  /** The items themselves, to read and to write until the next `reach`. */
  get values(): Float64Array {
    return this.#values;
  }
}
