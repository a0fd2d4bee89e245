import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { GroupPart } from "./group-part.ts";
import type { GroupPlan, PlannedState } from "./group-plan.ts";
import { HOLDS_CODES, STATES } from "./group-states.ts";
import type { Lane } from "./lane.ts";
import { type AddedTexts, addTexts } from "./texts-of.ts";

interface KeyRoom {
  readonly values: number;
  readonly valid: number;
}

/** The most words of a state. */
const STATE_WORDS = 3;

/** Groups of another table of the same plan on their way into one, some at a time: their keys as if they were rows, then their states. */
export class PartGroups {
  /** The part's texts, which are in the dictionaries of the lanes now; undefined where these held them before, under the same codes. */
  readonly texts: readonly (AddedTexts | undefined)[];
  readonly #kernel: Kernel;
  readonly #plan: GroupPlan;
  readonly #lanes: readonly Lane[];
  readonly #maxRows: number;
  readonly #part: GroupPart;
  readonly #arena: Arena;
  readonly #keyRoom: readonly KeyRoom[];
  readonly #stateRoom: number;

  constructor(kernel: Kernel, plan: GroupPlan, lanes: readonly Lane[], maxRows: number, part: GroupPart) {
    this.#kernel = kernel;
    this.#plan = plan;
    this.#lanes = lanes;
    this.#maxRows = maxRows;
    this.#part = part;
    this.#arena = new Arena(kernel);
    this.texts = part.texts.map(
      (some, lane) => some && addTexts(kernel, this.#arena, (lanes[lane] as Lane).dictionary, some),
    );
    this.#stateRoom = this.#arena.take(maxRows * 8 * STATE_WORDS);
    this.#keyRoom = plan.keys.map(() => ({
      values: this.#arena.take(maxRows * 8),
      valid: this.#arena.take(maxRows),
    }));
  }

  /** Puts the keys of some groups into the lanes of the keys. */
  setKeys(from: number, rows: number): void {
    for (const key of this.#plan.keys.keys()) this.#setKey(key, from, rows);
  }

  /** Merges the states of the same groups into records. */
  mergeStates(recs: number, from: number, rows: number): void {
    for (const [index, state] of this.#plan.states.entries()) this.#mergeState(index, state, recs, from, rows);
  }

  free(): void {
    this.#arena.free();
  }

  #setKey(key: number, from: number, rows: number): void {
    const { buffer } = this.#kernel.bytes;
    const { values, valid } = this.#part.keys[key] as GroupPart["keys"][number];
    const room = this.#keyRoom[key] as KeyRoom;
    const index = this.#plan.keys[key] as number;
    const some = this.texts[index];
    // The groups of a dictionary are its texts, in their order.
    const at = this.#plan.isDictionary && some ? some.at + 4 * from : room.values;
    if (values instanceof BigInt64Array) new BigInt64Array(buffer, at, rows).set(values.subarray(from, from + rows));
    else if (at === room.values)
      new Uint32Array(buffer, at, rows).set(mapped(values.subarray(from, from + rows), some?.codes));
    if (valid) new Uint8Array(buffer, room.valid, rows).set(valid.subarray(from, from + rows));
    (this.#lanes[index] as Lane).set(at, room.valid, valid ? 1 : 0, rows);
  }

  #mergeState(index: number, { name, lane, at }: PlannedState, recs: number, from: number, rows: number): void {
    const words = this.#part.states[index] as readonly BigInt64Array[];
    if (words.length === 0) return;
    const places = words.map((word, i) => {
      const place = this.#stateRoom + i * this.#maxRows * 8;
      new BigInt64Array(this.#kernel.bytes.buffer, place, rows).set(word.subarray(from, from + rows));
      return place;
    });
    const some = this.texts[lane];
    // The last word of what is kept of a text is its code.
    if (some && HOLDS_CODES.has(name))
      mapCodes(new Uint32Array(this.#kernel.bytes.buffer, places.at(-1), rows * 2), some.codes);
    STATES[name].merge(this.#kernel.calls, { recs, rows, order: 0 }, places, this.#lanes[lane] as Lane, at);
  }
}

function mapped(codes: Uint32Array, map: Uint32Array | undefined): Uint32Array {
  // A missing key's code is 0, and there may be no text at all.
  return map === undefined ? codes : codes.map((code) => map[code] ?? 0);
}

/** Maps the lower half of each word; a code that stands for no text is left as it is. */
function mapCodes(words: Uint32Array, map: Uint32Array): void {
  for (let i = 0; i < words.length; i += 2) {
    const code = words[i] as number;
    words[i] = map[code] ?? code;
  }
}
