import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { noMemory } from "../refused.ts";
import { type DistinctPart, DistinctValues } from "./distinct-values.ts";
import { GroupKeys, type KeyValues } from "./group-keys.ts";
import { type GroupPlan, type PlannedState, type StateRoom, withNullable, withSigned, withWide } from "./group-plan.ts";
import { STATES, type StateName } from "./group-states.ts";
import { type Step, stepsOf } from "./group-steps.ts";
import type { Lane } from "./lane.ts";
import { fieldOf } from "./table-field.ts";
import { type AddedTexts, addTexts, type Texts, textsOf } from "./texts-of.ts";

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

/** All that a table of groups holds, as plain data for another one. */
export interface GroupPart extends GroupValues {
  /** In the order of the plan's distinct states. */
  readonly distinct: readonly DistinctPart[];
  /** By column of the plan: what no sum of its magnitudes exceeds. */
  readonly bounds: Float64Array<ArrayBuffer>;
}

/** Half of what 64 bits hold. */
const LARGEST_SUM = 2 ** 62;
/** The most words of a state. */
const STATE_WORDS = 3;

/** Groups with their states, in the kernel's memory. */
export class GroupTable {
  readonly plan: GroupPlan;
  /** By column of the plan: what no sum of its magnitudes exceeds. */
  readonly bounds: Float64Array<ArrayBuffer>;
  readonly #kernel: Kernel;
  readonly #lanes: readonly Lane[];
  readonly #maxRows: number;
  readonly #arena: Arena;
  readonly #table: number;
  readonly #keys: GroupKeys;
  readonly #distinct: readonly DistinctValues[];
  readonly #steps: readonly Step[];
  readonly #recs: number;
  /** Bytes of one group in a part: keys, which of them are there, and states. */
  readonly #groupBytes: number;

  constructor(kernel: Kernel, plan: GroupPlan, lanes: readonly Lane[], maxRows: number) {
    this.plan = plan;
    this.bounds = new Float64Array(lanes.length);
    this.#kernel = kernel;
    this.#lanes = lanes;
    this.#maxRows = maxRows;
    this.#arena = new Arena(kernel);
    const keys = plan.keys.map((key) => lanes[key] as Lane);
    this.#table = plan.isDictionary ? this.#useDictionary((keys[0] as Lane).dictionary) : this.#newTable();
    this.#keys = new GroupKeys(kernel, this.#arena, keys, plan.isDictionary, maxRows);
    const numberAt = this.#numberAt();
    this.#distinct = plan.states
      .filter(({ name }) => name === "distinct")
      .map(({ lane, at }) => new DistinctValues(kernel, this.#arena, lanes[lane] as Lane, maxRows, numberAt, at));
    this.#steps = stepsOf(plan.states, lanes);
    this.#recs = this.#arena.take(maxRows * 4);
    this.#groupBytes = plan.states.reduce((sum, { name }) => sum + 8 * STATES[name].words, 9 * keys.length);
    // Without keys there is a group without rows, too.
    if (keys.length === 0) this.#keys.find(this.#table, 0, 0, this.#recs);
  }

  get groups(): number {
    return this.#kernel.calls.tableSize(this.#table);
  }

  /** Bytes of `partial`. */
  get partBytes(): number {
    const { calls } = this.#kernel;
    const texts = this.#lanes.reduce(
      (sum, { dictionary }) =>
        dictionary === 0 ? sum : sum + calls.dictTextBytes(dictionary) + 4 * calls.dictSize(dictionary),
      0,
    );
    const distinct = this.#distinct.reduce((sum, { partBytes }) => sum + partBytes, 0);
    return calls.tableMost(this.#table) * this.#groupBytes + texts + distinct;
  }

  /** What records must have room for before the block that the lanes hold is added. It is asked for each block. */
  roomFor(rows: number): StateRoom {
    let { room } = this.plan;
    for (const { name, lane } of this.plan.states) {
      if (name === "full" && (this.#lanes[lane] as Lane).nulls > 0) room = withNullable(room, lane);
      if (name === "double" && this.#isSigned(lane, rows)) room = withSigned(room, lane);
      if (name !== "sum") continue;
      const most = this.#kernel.calls.magnitude((this.#lanes[lane] as Lane).values, rows) * rows;
      const bound = (this.bounds[lane] as number) + most;
      if (bound > LARGEST_SUM) room = withWide(room, lane);
      else this.bounds[lane] = bound;
    }
    return room;
  }

  /** What they must have room for before another table's groups are merged. */
  roomForPart(part: GroupPart): StateRoom {
    let { room } = this.plan;
    for (const { name, lane } of this.plan.states) {
      const sum = (this.bounds[lane] as number) + (part.bounds[lane] as number);
      if (name === "full" && part.room.nullable.has(lane)) room = withNullable(room, lane);
      if (name === "double" && part.room.signed.has(lane)) room = withSigned(room, lane);
      if (name === "sum" && (part.room.wide.has(lane) || sum > LARGEST_SUM)) room = withWide(room, lane);
    }
    return room;
  }

  /** Takes the rows of the block that the lanes hold, or those that the mask lets through. */
  add(mask: number, rows: number, order: number): void {
    this.#keys.find(this.#table, mask, rows, this.#recs);
    const block = { recs: this.#recs, rows, order };
    for (const step of this.#steps) step(this.#kernel.calls, block);
    for (const distinct of this.#distinct) distinct.add(block, mask);
  }

  partial(): GroupPart {
    return {
      ...this.values(),
      distinct: this.#distinct.map((distinct) => distinct.partial()),
      bounds: this.bounds,
    };
  }

  /** What the groups are, for a result. */
  values(): GroupValues {
    return {
      groups: this.groups,
      keys: this.#keys.values(this.#table),
      states: this.plan.states.map(({ name, at }) =>
        Array.from({ length: STATES[name].words }, (_, word) => fieldOf(this.#kernel, this.#table, at + 8 * word)),
      ),
      texts: this.#lanes.map(({ dictionary }) => (dictionary === 0 ? undefined : textsOf(this.#kernel, dictionary))),
      room: this.plan.room,
    };
  }

  /** Takes the groups of another table of the same plan, whose sums are no wider than those here. */
  merge(part: GroupPart): void {
    const arena = new Arena(this.#kernel);
    const texts = part.texts.map(
      (some, lane) => some && addTexts(this.#kernel, arena, (this.#lanes[lane] as Lane).dictionary, some),
    );
    const records = new Uint32Array(this.#distinct.length > 0 ? part.groups : 0);
    const room = arena.take(this.#maxRows * 8 * STATE_WORDS);
    const keyRoom = this.plan.keys.map(() => ({
      values: arena.take(this.#maxRows * 8),
      valid: arena.take(this.#maxRows),
    }));
    for (let from = 0; from < part.groups; from += this.#maxRows) {
      const rows = Math.min(this.#maxRows, part.groups - from);
      for (const [i, key] of part.keys.entries()) this.#setKey(i, key, texts, keyRoom[i] as KeyRoom, from, rows);
      this.#keys.find(this.#table, 0, rows, this.#recs);
      for (const i of this.plan.states.keys()) this.#mergeState(i, part, texts, room, from, rows);
      if (records.length > 0) records.set(new Uint32Array(this.#kernel.bytes.buffer, this.#recs, rows), from);
    }
    const distinctStates = this.plan.states.filter(({ name }) => name === "distinct");
    for (const [i, distinct] of this.#distinct.entries()) {
      const { lane } = distinctStates[i] as { lane: number };
      distinct.merge(part.distinct[i] as DistinctPart, records, texts[lane]?.codes, this.#maxRows);
    }
    for (const [lane, bound] of part.bounds.entries()) this.bounds[lane] = (this.bounds[lane] as number) + bound;
    arena.free();
  }

  free(): void {
    for (const distinct of this.#distinct) distinct.free();
    this.#keys.free();
    if (!this.plan.isDictionary) this.#kernel.calls.tableFree(this.#table);
    this.#arena.free();
  }

  /** Whether a column of decimals in doubles has one below 0 in the block. */
  #isSigned(lane: number, rows: number): boolean {
    const { type, values } = this.#lanes[lane] as Lane;
    return type.kind === "double" && type.places !== undefined && Boolean(this.#kernel.calls.hasSign(values, rows));
  }

  #newTable(): number {
    const table = this.#kernel.calls.tableNew(this.plan.recordBytes, this.#template(), this.#numberAt()) >>> 0;
    if (table === 0) throw noMemory("the groups");
    return table;
  }

  /** The dictionary's records become those of the groups; it belongs to the reader of the column as before. */
  #useDictionary(dictionary: number): number {
    const { recordBytes } = this.plan;
    const done = this.#kernel.calls.dictRecords(dictionary, recordBytes, this.#template(), this.#numberAt());
    if (!done) throw noMemory("the groups");
    return dictionary;
  }

  /** A record before its first row. */
  #template(): number {
    const { recordBytes, states } = this.plan;
    const template = this.#arena.take(recordBytes);
    const words = states.flatMap(({ name, lane }) => STATES[name].before((this.#lanes[lane] as Lane)?.type));
    const [first] = states as readonly [PlannedState];
    new BigUint64Array(this.#kernel.bytes.buffer, template, recordBytes / 8).fill(0n).set(words, first.at / 8);
    return template;
  }

  /** Puts some groups' keys of another table into the key's lane. */
  #setKey(
    key: number,
    { values, valid }: KeyValues,
    texts: readonly (AddedTexts | undefined)[],
    room: KeyRoom,
    from: number,
    rows: number,
  ): void {
    const { buffer } = this.#kernel.bytes;
    const index = this.plan.keys[key] as number;
    const some = texts[index];
    // The groups of a dictionary are its texts, in their order.
    const at = this.plan.isDictionary ? (some as AddedTexts).at + 4 * from : room.values;
    if (values instanceof BigInt64Array) new BigInt64Array(buffer, at, rows).set(values.subarray(from, from + rows));
    else if (some && !this.plan.isDictionary)
      new Uint32Array(buffer, at, rows).set(mapped(values.subarray(from, from + rows), some.codes));
    if (valid) new Uint8Array(buffer, room.valid, rows).set(valid.subarray(from, from + rows));
    (this.#lanes[index] as Lane).set(at, room.valid, valid ? 1 : 0, rows);
  }

  #mergeState(
    index: number,
    part: GroupPart,
    texts: readonly (AddedTexts | undefined)[],
    room: number,
    from: number,
    rows: number,
  ): void {
    const { name, lane, at } = this.plan.states[index] as PlannedState;
    const words = part.states[index] as readonly BigInt64Array[];
    if (words.length === 0) return;
    const places = words.map((word, i) => {
      const place = room + i * this.#maxRows * 8;
      new BigInt64Array(this.#kernel.bytes.buffer, place, rows).set(word.subarray(from, from + rows));
      return place;
    });
    const some = texts[lane];
    // The last word of what is kept of a text is its code.
    if (some && HOLDS_CODES.has(name))
      mapCodes(new Uint32Array(this.#kernel.bytes.buffer, places.at(-1), rows * 2), some.codes);
    const block = { recs: this.#recs, rows, order: 0 };
    STATES[name].merge(this.#kernel.calls, block, places, this.#lanes[lane] as Lane, at);
  }

  #numberAt(): number {
    return this.plan.states.find(({ name }) => name === "number")?.at ?? 0;
  }
}

interface KeyRoom {
  readonly values: number;
  readonly valid: number;
}

const HOLDS_CODES: ReadonlySet<StateName> = new Set(["min", "max", "first", "last"]);

function mapped(codes: Uint32Array, map: Uint32Array): Uint32Array {
  // A missing key's code is 0, and there may be no text at all.
  return codes.map((code) => map[code] ?? 0);
}

/** Maps the lower half of each word; a code that stands for no text is left as it is. */
function mapCodes(words: Uint32Array, map: Uint32Array): void {
  for (let i = 0; i < words.length; i += 2) {
    const code = words[i] as number;
    words[i] = map[code] ?? code;
  }
}
