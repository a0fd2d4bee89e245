import { type Stepwise, whole } from "../../stepwise.ts";
import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { noMemory } from "../refused.ts";
import { type DistinctPart, DistinctValues } from "./distinct-values.ts";
import { GroupKeys } from "./group-keys.ts";
import type { GroupPart, GroupValues } from "./group-part.ts";
import { type GroupPlan, type PlannedState, type StateRoom, withNullable, withSigned, withWide } from "./group-plan.ts";
import { HOLDS_CODES, STATES } from "./group-states.ts";
import { type Step, stepsOf } from "./group-steps.ts";
import type { Lane } from "./lane.ts";
import { PartGroups } from "./part-groups.ts";
import { allRecords, copyFields, type RecordRange } from "./table-field.ts";
import { recordsByTexts } from "./text-order.ts";
import { copyTexts, type Texts } from "./texts-of.ts";

/** Half of what 64 bits hold. */
const LARGEST_SUM = 2 ** 62;

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
    if (keys.length === 0) whole(this.#keys.find(this.#table, 0, 0, this.#recs));
  }

  /** Bytes of all parts. */
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
  *add(mask: number, rows: number, order: number): Stepwise<void> {
    yield* this.#keys.find(this.#table, mask, rows, this.#recs);
    const block = { recs: this.#recs, rows, order };
    for (const step of this.#steps) step(this.#kernel.calls, block);
    for (const distinct of this.#distinct) yield* distinct.add(block, mask);
  }

  /** What another table merges: all groups, or `most` at a time where each stands for itself. */
  *parts(most: number): Generator<GroupPart> {
    const all = allRecords(this.#kernel, this.#table);
    const step = this.#isDivisible ? most : all.to;
    let { bounds } = this;
    for (let { from } = all; from === all.from || from < all.to; from += step) {
      const values = whole(this.values({ from, to: Math.min(from + step, all.to) }));
      yield { ...values, distinct: whole(this.#distinctParts()), bounds };
      // What is said once counts once.
      bounds = new Float64Array(this.#lanes.length);
    }
  }

  /** All groups for a table over the same dictionaries, which are theirs meanwhile: the codes of texts stay what they are. */
  *held(): Stepwise<GroupPart> {
    const records = yield* this.#records(allRecords(this.#kernel, this.#table));
    return { ...records, texts: [], distinct: yield* this.#distinctParts(), bounds: this.bounds };
  }

  /** What the groups are, for a result: of all of them, or of some records. */
  *values(range = allRecords(this.#kernel, this.#table)): Stepwise<GroupValues> {
    const records = yield* this.#records(range);
    const first = range.from - 1;
    const texts: (Texts | undefined)[] = [];
    for (const { dictionary } of this.#lanes)
      texts.push(yield* this.#textsOf(dictionary, first, first + records.groups));
    return { ...records, texts };
  }

  /** The same in the order of the texts that are their only key, sorted before they are copied; undefined for others. */
  valuesByTexts(): GroupValues | undefined {
    const { isDictionary, states, room } = this.plan;
    if (!isDictionary || !this.#isDivisible) return undefined;
    const { groups, key, fields } = recordsByTexts(this.#kernel, this.#table, this.#places());
    return {
      groups,
      keys: [key],
      states: states.map(({ name }) => fields.splice(0, STATES[name].words)),
      texts: [],
      room,
    };
  }

  /** Where the words of all states lie in a record. */
  #places(): number[] {
    return this.plan.states.flatMap(({ name, at }) => Array.from({ length: STATES[name].words }, (_, i) => at + 8 * i));
  }

  *#records(range: RecordRange): Stepwise<Omit<GroupValues, "texts">> {
    const { states } = this.plan;
    const places = this.#places();
    const fields = yield* copyFields(
      this.#kernel,
      this.#table,
      this.#keys.isInRecords ? [0, ...places] : places,
      range,
    );
    const keys = this.#keys.isInRecords ? fields.shift() : undefined;
    // Rows are counted in any case.
    const groups = (fields[0] as BigInt64Array).length;
    return {
      groups,
      keys: yield* this.#keys.values(this.#table, keys, range.from - 1, groups),
      states: states.map(({ name }) => fields.splice(0, STATES[name].words)),
      room: this.plan.room,
    };
  }

  /** Takes the groups of another table of the same plan, whose sums are no wider than those here. */
  *merge(part: GroupPart): Stepwise<void> {
    const groups = new PartGroups(this.#kernel, this.plan, this.#lanes, this.#maxRows, part);
    const records = new Uint32Array(this.#distinct.length > 0 ? part.groups : 0);
    for (let from = 0; from < part.groups; from += this.#maxRows) {
      const rows = Math.min(this.#maxRows, part.groups - from);
      groups.setKeys(from, rows);
      yield* this.#keys.find(this.#table, 0, rows, this.#recs);
      groups.mergeStates(this.#recs, from, rows);
      if (records.length > 0) records.set(new Uint32Array(this.#kernel.bytes.buffer, this.#recs, rows), from);
      yield;
    }
    const distinctStates = this.plan.states.filter(({ name }) => name === "distinct");
    for (const [i, distinct] of this.#distinct.entries()) {
      const { lane } = distinctStates[i] as { lane: number };
      yield* distinct.merge(part.distinct[i] as DistinctPart, records, groups.texts[lane]?.codes, this.#maxRows);
    }
    for (const [lane, bound] of part.bounds.entries()) this.bounds[lane] = (this.bounds[lane] as number) + bound;
    groups.free();
  }

  free(): void {
    for (const distinct of this.#distinct) distinct.free();
    this.#keys.free();
    if (!this.plan.isDictionary) this.#kernel.calls.tableFree(this.#table);
    this.#arena.free();
  }

  /** Whether some groups are whole without the others: all that is theirs lies in their records, or in the dictionary whose records these are. */
  get #isDivisible(): boolean {
    const { keys, isDictionary, states } = this.plan;
    const ofTexts = this.#lanes.filter(({ dictionary }) => dictionary !== 0);
    const holdsCodes = states.some(({ name, lane }) => HOLDS_CODES.has(name) && this.#lanes[lane]?.dictionary !== 0);
    return keys.length <= 1 && this.#distinct.length === 0 && ofTexts.length === (isDictionary ? 1 : 0) && !holdsCodes;
  }

  *#distinctParts(): Stepwise<DistinctPart[]> {
    const parts: DistinctPart[] = [];
    for (const distinct of this.#distinct) parts.push(yield* distinct.partial());
    return parts;
  }

  *#textsOf(dictionary: number, from: number, to: number): Stepwise<Texts | undefined> {
    if (dictionary === 0) return undefined;
    return yield* copyTexts(this.#kernel, dictionary, ...(this.#isDivisible ? [from, to] : []));
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

  #numberAt(): number {
    return this.plan.states.find(({ name }) => name === "number")?.at ?? 0;
  }
}
