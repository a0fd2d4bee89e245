/** Where one session name lives. `v` is the value; reading it before the first write throws as V8 does. */
export interface Slot {
  v: unknown;
  /** From now on reading it before the first write gives undefined, as for `var`. */
  hoist(): void;
  /** Whether the cell that declares the name is over: reading it in vain then says so. */
  isLeft: boolean;
}

/**
 * The session's names. Each slot is an instance of a class of its own, so that V8 keeps a field representation for each name: a number
 * that is written in a loop then stays unboxed. `v` must not exist before the first write, for the same reason.
 */
export class SlotTable {
  readonly #slots = new Map<string, Slot>();
  readonly #published = new Set<string>();

  slot(name: string): Slot {
    let slot = this.#slots.get(name);
    if (!slot) {
      const made = makeSlot(name, () => this.#publish(name, made));
      slot = made;
      this.#slots.set(name, slot);
    }
    return slot;
  }

  /** True once the name has a value. */
  has(name: string): boolean {
    const slot = this.#slots.get(name);
    return slot !== undefined && Object.hasOwn(slot, "v");
  }

  get(name: string): unknown {
    return this.has(name) ? this.#slots.get(name)?.v : undefined;
  }

  set(name: string, value: unknown): void {
    this.slot(name).v = value;
  }

  /** Names with a value, in order of their first appearance. */
  names(): string[] {
    return [...this.#slots.keys()].filter((name) => this.has(name));
  }

  /** Forgets a name; functions compiled earlier keep an emptied slot. */
  delete(name: string): void {
    const slot = this.#slots.get(name);
    if (slot) Reflect.deleteProperty(slot, "v");
    this.#slots.delete(name);
    if (this.#published.delete(name)) Reflect.deleteProperty(globalThis, name);
  }

  /**
   * Makes the name visible to `eval` and `globalThis.name`, unless the host already uses it (`process`, `fetch`, `name`).
   * Not before it has a value: lodash looks for a global `_` while `import _ from "lodash"` runs, and must find none.
   */
  #publish(name: string, slot: Slot): void {
    if (this.#slots.get(name) !== slot || this.#published.has(name) || name in globalThis) return;
    // Where a cell has frozen the globals, cells go on without this.
    const isPublished = Reflect.defineProperty(globalThis, name, {
      configurable: true,
      enumerable: false,
      get: () => slot.v,
      set: (value: unknown) => {
        slot.v = value;
      },
    });
    if (isPublished) this.#published.add(name);
  }
}

function makeSlot(name: string, onAlive: () => void): Slot {
  let isVar = false;
  let isLeft = false;
  class Own {
    get v(): unknown {
      if (isVar) return undefined;
      // As a value from before it would: a cell that failed takes `fetch` from nobody.
      if (isLeft && name in globalThis) return Reflect.get(globalThis, name);
      throw new ReferenceError(
        isLeft
          ? `'${name}' has no value: the cell that declares it ended before it got one; mend that cell and run it again`
          : `Cannot access '${name}' before initialization`,
      );
    }
    set v(value: unknown) {
      Object.defineProperty(this, "v", { value, writable: true, enumerable: true, configurable: true });
      onAlive();
    }
    get isLeft(): boolean {
      return isLeft;
    }
    set isLeft(left: boolean) {
      isLeft = left;
    }
    hoist(): void {
      isVar = true;
      onAlive();
    }
  }
  return new Own();
}
