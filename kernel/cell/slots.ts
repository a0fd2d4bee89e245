/** Where one session name lives. `v` is the value; reading it before the first write throws as V8 does. */
export interface Slot {
  v: unknown;
  /** From now on reading it before the first write gives undefined, as for `var`. */
  hoist(): void;
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
      slot = makeSlot(name);
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
    this.publish(name);
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

  /** Makes the name visible to `eval` and `globalThis.name`, unless the host already uses it (`process`, `fetch`, `name`). */
  publish(name: string): void {
    if (this.#published.has(name) || name in globalThis) return;
    this.#published.add(name);
    Object.defineProperty(globalThis, name, {
      configurable: true,
      enumerable: false,
      get: () => this.slot(name).v,
      set: (value: unknown) => {
        this.slot(name).v = value;
      },
    });
  }
}

function makeSlot(name: string): Slot {
  let isVar = false;
  class Own {
    get v(): unknown {
      if (isVar) return undefined;
      throw new ReferenceError(`Cannot access '${name}' before initialization`);
    }
    set v(value: unknown) {
      Object.defineProperty(this, "v", { value, writable: true, enumerable: true, configurable: true });
    }
    hoist(): void {
      isVar = true;
    }
  }
  return new Own();
}
