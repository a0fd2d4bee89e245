import { type Stepwise, whole } from "../../stepwise.ts";
import { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import type { GroupRequest } from "../request.ts";
import type { ScanColumn } from "../table.ts";
import type { Misfit } from "../threads/work.ts";
import type { ColumnSource } from "../values/columns.ts";
import { ColumnTests } from "./column-tests.ts";
import type { GroupPart, GroupValues } from "./group-part.ts";
import { planGroups, type StateRoom } from "./group-plan.ts";
import { type GroupingResult, resultOf, resultOfSorted } from "./group-result.ts";
import { GroupTable } from "./group-table.ts";
import { growsFor } from "./growing.ts";
import { Lane } from "./lane.ts";

/** Groups that are handed on together: enough to be worth a message, and few enough that the first are merged soon. */
const GROUPS_AT_ONCE = 16_384;

/** What a grouping hands to another one. */
export interface GroupingPart extends GroupPart {
  /** Rows that passed the tests. */
  readonly matched: number;
}

/** What a grouping hands to who makes a result of it. */
export interface GroupedValues extends GroupValues {
  /** Rows that passed the tests. */
  readonly matched: number;
}

/** Rows that are worked on together. */
export interface RowBlock {
  readonly rows: number;
  /** Place of the first row among all. */
  readonly firstRow: number;
}

/** Gives the values of a column, by its index; their memory is the arena's. */
export type OpenColumn<Block> = (arena: Arena, index: number) => ColumnSource<Block>;

/** Groups rows block by block, whatever these come from; groupings of parts of the rows merge in any order. */
export class Grouping<Block extends RowBlock> {
  readonly #kernel: Kernel;
  readonly #columns: readonly ScanColumn[];
  readonly #request: GroupRequest;
  readonly #maxRows: number;
  readonly #arena: Arena;
  readonly #readers: readonly ColumnSource<Block>[];
  readonly #lanes: readonly Lane[];
  readonly #dictionaries: readonly number[];
  readonly #tests: ColumnTests;
  readonly #misfits: Misfit[] = [];
  #groups: GroupTable;
  #matched = 0;

  /** @throws {UsageError | ScanRefused} */
  constructor(
    kernel: Kernel,
    columns: readonly ScanColumn[],
    request: GroupRequest,
    maxRows: number,
    open: OpenColumn<Block>,
  ) {
    const plan = planGroups(columns, request);
    this.#kernel = kernel;
    this.#columns = columns;
    this.#request = request;
    this.#maxRows = maxRows;
    this.#arena = new Arena(kernel);
    this.#readers = plan.columns.map((column) => open(this.#arena, column));
    this.#lanes = this.#readers.map(({ kind, dictionary }) => new Lane(kernel, this.#arena, kind, dictionary, maxRows));
    this.#dictionaries = this.#lanes.map(({ dictionary }) => dictionary).filter((dictionary) => dictionary !== 0);
    const laneOf = (name: string) =>
      this.#lanes[plan.columns.findIndex((column) => columns[column]?.name === name)] as Lane;
    this.#tests = new ColumnTests(kernel, this.#arena, request.where ?? [], laneOf, maxRows);
    this.#groups = new GroupTable(kernel, plan, this.#lanes, maxRows);
  }

  /** The first misfit of each column so far. */
  get misfits(): readonly Misfit[] {
    return this.#misfits;
  }

  /** Takes the rows of a block. */
  consume(block: Block): void {
    whole(this.steps(block));
  }

  /** The same, where tables that grow do so in steps. */
  *steps(block: Block): Stepwise<void> {
    const { rows, firstRow } = block;
    for (const dictionary of this.#dictionaries) while (growsFor(this.#kernel, dictionary, rows)) yield;
    for (const [i, reader] of this.#readers.entries()) {
      const known = reader.misfit;
      const { values, valid, nulls } = reader.parse(block);
      (this.#lanes[i] as Lane).read(values, valid, nulls, rows);
      if (reader.misfit && !known) this.#misfits.push(reader.misfit);
    }
    const mask = this.#tests.mask(rows);
    if (this.#tests.passing === 0) return;
    this.#matched += this.#tests.passing;
    const room = this.#groups.roomFor(rows);
    if (room !== this.#groups.plan.room) yield* this.#makeRoom(room);
    yield* this.#groups.add(mask, rows, firstRow);
  }

  /** Bytes of `parts`, which lie beside the kernel's. */
  get partBytes(): number {
    return this.#groups.partBytes;
  }

  /** All groups so far, as plain data for `merge` in another thread, some at a time where that is possible. */
  *parts(most = GROUPS_AT_ONCE): Generator<GroupingPart> {
    let matched = this.#matched;
    for (const part of this.#groups.parts(most)) {
      yield { ...part, matched };
      matched = 0;
    }
  }

  merge(part: GroupingPart): void {
    this.#matched += part.matched;
    const room = this.#groups.roomForPart(part);
    if (room !== this.#groups.plan.room) whole(this.#makeRoom(room));
    whole(this.#groups.merge(part));
  }

  /** All groups, as plain data for a result that another thread makes. */
  *values(): Stepwise<GroupedValues> {
    return { ...(yield* this.#groups.values()), matched: this.#matched };
  }

  /** What the groups come to. */
  result(): GroupingResult {
    const inOrder = this.#request.sorted ? this.#groups.valuesByTexts() : undefined;
    if (inOrder) return resultOfSorted(this.#columns, this.#request, { ...inOrder, matched: this.#matched });
    const keys = this.#groups.plan.keys.map((key) => this.#lanes[key] as Lane);
    return resultOf(this.#kernel, this.#columns, this.#request, whole(this.values()), keys);
  }

  /** Gives all of its memory back. */
  free(): void {
    this.#groups.free();
    this.#tests.free();
    for (const reader of this.#readers) reader.free();
    this.#arena.free();
  }

  /** Begins a table with larger records where there must be room, and takes over what there is. The lanes keep the block that they hold. */
  *#makeRoom(room: StateRoom): Stepwise<void> {
    const blocks = this.#lanes.map(({ values, valid, nulls, rows }) => ({ values, valid, nulls, rows }));
    const larger = planGroups(this.#columns, this.#request, room);
    const held = yield* this.#groups.held();
    this.#groups.free();
    this.#groups = new GroupTable(this.#kernel, larger, this.#lanes, this.#maxRows);
    for (const dictionary of this.#dictionaries) while (growsFor(this.#kernel, dictionary, 0)) yield;
    yield* this.#groups.merge(held);
    for (const [i, { values, valid, nulls, rows }] of blocks.entries())
      (this.#lanes[i] as Lane).set(values, valid, nulls, rows);
  }
}
