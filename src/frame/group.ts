import { type Bits, isSet } from "./bits.ts";
import type { NumberArray } from "./column.ts";
import { isNullAt, type View } from "./view.ts";

/** Which group each row is in. Groups are numbered in the order of their first row. */
export interface Grouping {
  readonly ids: Uint32Array;
  readonly groups: number;
  /** The first row of each group, which holds its key. */
  readonly firstRows: Uint32Array;
}

/** How much wider than its number of rows a column of integers may range to be grouped by an array in place of a map. */
const DENSE_SLACK = 4;

/** Groups rows by a tuple of keys; a null is a key of its own, as NaN is. */
export function groupRows(keys: readonly View[], length: number): Grouping {
  const [first, ...rest] = keys;
  if (!first)
    return { ids: new Uint32Array(length), groups: length > 0 ? 1 : 0, firstRows: new Uint32Array(length > 0 ? 1 : 0) };
  let grouping = groupByOne(first, length);
  for (const key of rest) grouping = combine(grouping, groupByOne(key, length));
  return grouping;
}

function groupByOne(view: View, length: number): Grouping {
  const ids = new Ids(length);
  if (view.kind === "codes") groupCodes(view.values, view.dictionary, view, ids);
  else if (view.kind === "number" || view.kind === "bool") groupNumbers(view.values, view, ids);
  else {
    const known = new Map<unknown, number>();
    const { values } = view;
    for (let i = 0; i < length; i++) {
      if (isNullAt(view, i)) ids.addNull(i);
      else ids.addKnown(i, keyOf(values[i]), known);
    }
  }
  return ids.finish();
}

/** Codes of equal words share a group, whatever the dictionary's order; words that no row has cost nothing but a slot. */
function groupCodes(codes: NumberArray, dictionary: readonly unknown[], view: View, ids: Ids): void {
  const byCode = new Int32Array(dictionary.length).fill(-1);
  const known = new Map<unknown, number>();
  const nothing = !view.bits && dictionary.every((word) => word !== null && word !== undefined);
  for (let i = 0; i < codes.length; i++) {
    if (!nothing && isNullAt(view, i)) {
      ids.addNull(i);
      continue;
    }
    const code = codes[i] as number;
    const seen = byCode[code] as number;
    if (seen >= 0) ids.ids[i] = seen;
    else byCode[code] = ids.addKnown(i, keyOf(dictionary[code]), known);
  }
}

function groupNumbers(values: NumberArray, { bits }: View, ids: Ids): void {
  const range = integerRange(values);
  if (!range) {
    const known = new Map<unknown, number>();
    for (let i = 0; i < values.length; i++) {
      if (bits && !isSet(bits, i)) ids.addNull(i);
      else ids.addKnown(i, values[i], known);
    }
  } else if (range.max - range.min < values.length * DENSE_SLACK + 65_536) groupDense(values, range, bits, ids);
  else groupHashed(values, range, bits, ids);
}

function groupDense(values: NumberArray, { min, max }: Range, bits: Bits | undefined, ids: Ids): void {
  const byValue = new Int32Array(max - min + 1).fill(-1);
  for (let i = 0; i < values.length; i++) {
    if (bits && !isSet(bits, i)) {
      ids.addNull(i);
      continue;
    }
    const at = (values[i] as number) - min;
    const seen = byValue[at] as number;
    if (seen >= 0) ids.ids[i] = seen;
    else byValue[at] = ids.add(i);
  }
}

/** Whole numbers by a table of hashes, at most half full, which is several times as fast as a map. */
function groupHashed(values: NumberArray, range: Range, bits: Bits | undefined, ids: Ids): void {
  const order = Math.max(8, Math.ceil(Math.log2(2 * values.length)));
  const mask = 2 ** order - 1;
  /** By hash: a value, and the number of its group plus one beside it; 0 for none. */
  const Numbers = range.min >= -(2 ** 31) && range.max < 2 ** 31 ? Int32Array : Float64Array;
  const table: NumberArray = new Numbers(2 * 2 ** order);
  for (let i = 0; i < values.length; i++) {
    if (bits && !isSet(bits, i)) {
      ids.addNull(i);
      continue;
    }
    const value = values[i] as number;
    const mixed = Math.imul((value | 0) ^ Math.imul((value / 2 ** 32) | 0, 0x85ebca6b), 0x9e3779b1);
    let at = (mixed ^ (mixed >>> 15)) & mask;
    let known = table[2 * at + 1] as number;
    while (known !== 0 && table[2 * at] !== value) {
      at = (at + 1) & mask;
      known = table[2 * at + 1] as number;
    }
    if (known !== 0) ids.ids[i] = known - 1;
    else {
      table[2 * at] = value;
      table[2 * at + 1] = ids.add(i) + 1;
    }
  }
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** The range of whole numbers; undefined where one is none. */
function integerRange(values: NumberArray): Range | undefined {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Math.floor(value) !== value) return undefined;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return Number.isSafeInteger(min) && Number.isSafeInteger(max) ? { min, max } : undefined;
}

/** Pairs of groups as groups: the pair's number fits a double because both counts are at most 2^32. */
function combine(left: Grouping, right: Grouping): Grouping {
  const { length } = left.ids;
  const ids = new Ids(length);
  const known = new Map<unknown, number>();
  const dense = left.groups * right.groups <= length * DENSE_SLACK + 65_536;
  const byPair = dense ? new Int32Array(left.groups * right.groups).fill(-1) : undefined;
  for (let i = 0; i < length; i++) {
    const pair = (left.ids[i] as number) * right.groups + (right.ids[i] as number);
    if (!byPair)
      ids.addKnown(
        i,
        left.groups * right.groups <= Number.MAX_SAFE_INTEGER ? pair : `${left.ids[i]},${right.ids[i]}`,
        known,
      );
    else if ((byPair[pair] as number) >= 0) ids.ids[i] = byPair[pair] as number;
    else byPair[pair] = ids.add(i);
  }
  return ids.finish();
}

/** Nested values and dates are equal when their content is. */
export function keyOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return JSON.stringify(value, (_, item) => (typeof item === "bigint" ? `${item}n` : item));
}

/** Numbers groups as their first rows turn up. */
class Ids {
  readonly ids: Uint32Array;
  readonly #firstRows: Uint32Array;
  #groups = 0;
  #null = -1;

  constructor(length: number) {
    this.ids = new Uint32Array(length);
    this.#firstRows = new Uint32Array(length);
  }

  /** A new group that starts at row `i`. */
  add(i: number): number {
    const id = this.#groups++;
    this.#firstRows[id] = i;
    this.ids[i] = id;
    return id;
  }

  addKnown(i: number, key: unknown, known: Map<unknown, number>): number {
    let id = known.get(key);
    if (id === undefined) {
      id = this.add(i);
      known.set(key, id);
    } else this.ids[i] = id;
    return id;
  }

  addNull(i: number): void {
    if (this.#null < 0) this.#null = this.add(i);
    else this.ids[i] = this.#null;
  }

  finish(): Grouping {
    return { ids: this.ids, groups: this.#groups, firstRows: this.#firstRows.slice(0, this.#groups) };
  }
}
