import { types } from "node:util";
import { columnsOf, isFrame } from "../../src/frame/frame.ts";
import { JS_BYTES } from "../../src/frame/sizes.ts";

/** Values that a walk looks at; what is larger is estimated from so many. */
const MOST = 200_000;
/** Elements of one list that are looked at. */
const SAMPLE = 2000;
/** V8 has no block of slots longer than this. */
const MOST_SLOTS = 2 ** 27 - 3;
/** An object's head with its hidden class, and a slot for each property. */
const OBJECT = 24;
const ENTRY = 40;

export interface HeldBytes {
  readonly bytes: number;
  /** Some of it was estimated from a sample. */
  readonly isEstimate: boolean;
}

/**
 * About how many bytes a value holds, by the measured cost of each kind, in a walk that ends after a fifth of a second at worst.
 * No getter runs, and what is reached twice counts once.
 */
export function heldBytes(value: unknown, most = MOST): HeldBytes {
  return new Walk(most).measure(value);
}

/** Names of a frame's columns, none of another value's. */
export function columnNames(value: unknown): readonly string[] {
  return isFrame(value) ? columnsOf(value).map(({ name }) => name) : [];
}

class Walk {
  readonly #seen = new Set<unknown>();
  #left: number;
  #isEstimate = false;

  constructor(most: number) {
    this.#left = most;
  }

  measure(value: unknown): HeldBytes {
    return { bytes: Math.round(this.#bytes(value)), isEstimate: this.#isEstimate };
  }

  #bytes(value: unknown): number {
    this.#left--;
    if (typeof value === "string") return JS_BYTES.text(value.length, /[^\0-\xff]/.test(value.slice(0, 10_000)));
    if (typeof value === "bigint") return JS_BYTES.bigint;
    if (typeof value === "number") return Number.isInteger(value) ? 0 : 16;
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return 0;
    if (this.#seen.has(value) || types.isProxy(value)) return 0;
    this.#seen.add(value);
    if (ArrayBuffer.isView(value)) return OBJECT + this.#buffer(value.buffer, value.byteLength);
    if (types.isAnyArrayBuffer(value)) return value.byteLength;
    if (Array.isArray(value)) {
      if (value.length > MOST_SLOTS) return this.#sparse(value);
      return OBJECT + value.length * JS_BYTES.slot + this.#list(value);
    }
    // Of the language itself: a class that extends them may have its own.
    if (types.isMap(value))
      return this.#entries(Reflect.get(Map.prototype, "size", value), Map.prototype.entries.call(value));
    if (types.isSet(value))
      return this.#entries(Reflect.get(Set.prototype, "size", value), Set.prototype.values.call(value));
    if (isFrame(value)) return this.#frame(value);
    return OBJECT + this.#properties(value);
  }

  /** A buffer that several views share counts once. */
  #buffer(buffer: ArrayBufferLike, length: number): number {
    if (this.#seen.has(buffer)) return 0;
    this.#seen.add(buffer);
    return Math.max(length, buffer.byteLength);
  }

  #list(values: readonly unknown[]): number {
    const looked = Math.min(values.length, SAMPLE, Math.max(0, this.#left));
    if (looked === 0) return this.#skip(values.length > 0);
    const step = values.length / looked;
    let sum = 0;
    for (let i = 0; i < looked; i++) {
      const element = Object.getOwnPropertyDescriptor(values, Math.floor(i * step));
      sum += element ? this.#bytes(element.value) : 0;
    }
    if (step > 1) this.#isEstimate = true;
    return sum * step;
  }

  /** It is a table of its elements. */
  #sparse(values: readonly unknown[]): number {
    const keys = Object.keys(values);
    const looked = keys.slice(0, SAMPLE).flatMap((key) => Object.getOwnPropertyDescriptor(values, key) ?? []);
    const sum = looked.reduce((total, element) => total + this.#bytes(element.value), 0);
    if (looked.length < keys.length) this.#isEstimate = true;
    return OBJECT + keys.length * ENTRY + (looked.length === 0 ? 0 : (sum * keys.length) / looked.length);
  }

  #entries(size: number, entries: Iterable<unknown>): number {
    let [sum, looked] = [0, 0];
    for (const entry of entries) {
      if (looked === SAMPLE || this.#left <= 0) break;
      sum += Array.isArray(entry) ? this.#bytes(entry[0]) + this.#bytes(entry[1]) : this.#bytes(entry);
      looked++;
    }
    if (looked < size) this.#isEstimate = true;
    return OBJECT + size * ENTRY + (looked === 0 ? 0 : (sum * size) / looked);
  }

  #frame(frame: Parameters<typeof columnsOf>[0]): number {
    return columnsOf(frame).reduce((sum, { storage: { values, validity, dictionary } }) => {
      return sum + this.#bytes(values) + this.#bytes(validity) + this.#bytes(dictionary);
    }, OBJECT);
  }

  #properties(value: object): number {
    let sum = 0;
    for (const key of Reflect.ownKeys(value)) {
      if (this.#left <= 0) return sum + this.#skip(true);
      const property = Object.getOwnPropertyDescriptor(value, key);
      sum += JS_BYTES.slot + (property && "value" in property ? this.#bytes(property.value) : 0);
    }
    return sum;
  }

  #skip(isMore: boolean): number {
    if (isMore) this.#isEstimate = true;
    return 0;
  }
}
