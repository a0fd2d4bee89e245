import { isDeepStrictEqual } from "node:util";
import { UsageError } from "../../errors.ts";
import { finishAggregate, keyColumn } from "../../frame/finish.ts";
import { type ColumnInput, type DataFrame, frameFromColumns } from "../../frame/frame.ts";
import type { Partial, PartialAggregate, PartialKey } from "../../frame/partial.ts";
import { commonType } from "../../source/common-type.ts";
import { sortedOrder, upTo } from "../order.ts";
import { KeyIndex } from "./key-index.ts";
import { MergedStates } from "./merged-states.ts";

/** Merges the partials of chunks by algebra: sums with counts, Welford states, sets. */
export class PartialMerger {
  /** What is merged, under types that hold the values of all chunks. */
  #head: Head;
  readonly #index: KeyIndex;
  readonly #states: MergedStates;

  constructor(first: Partial) {
    const { keys, aggregates } = first.ungrouped ?? first;
    this.#head = headOf(first);
    this.#index = new KeyIndex(keys);
    this.#states = new MergedStates(aggregates);
  }

  get groups(): number {
    return this.#index.groups;
  }

  /**
   * Takes a chunk's partial in.
   *
   * @throws {UsageError} E_MERGE when it aggregates something else than the first chunk's
   */
  add(partial: Partial): void {
    const head = headOf(partial);
    if (!isDeepStrictEqual(shapeOf(head), shapeOf(this.#head)))
      throw new UsageError("E_MERGE", "the chunks gave different aggregates, which cannot be merged", {
        hint: "give the same aggregates in every chunk, or say how to merge with --merge FUNCTION",
      });
    this.#head = widened(this.#head, head);
    const { keys, groups, aggregates } = partial.ungrouped ?? partial;
    const ids = this.#index.add(keys, groups);
    this.#states.add(aggregates, ids, this.#index.groups);
  }

  /** What was taken in, as the partial of all chunks so far: plain data, from which another merger goes on as this one would. */
  save(): Partial {
    const { keys, aggregates } = this.#head;
    const all = upTo(this.groups);
    return {
      keys: keys.map(({ name, type }, column) => ({ name, type, values: this.#index.values(column) })),
      groups: this.groups,
      aggregates: aggregates.map(({ name, column, type }, i) => ({
        name,
        column,
        type,
        state: this.#states.get(i, all),
      })),
    };
  }

  /** The merged aggregate, rows sorted by key, null last. */
  async finish(): Promise<DataFrame> {
    const { keys, aggregates } = this.#head;
    const values = keys.map((_, column) => this.#index.values(column));
    const order = await sortedOrder(values, this.#index.groups);
    const keyColumns = keys.map((key, column) =>
      keyColumn({ name: key.name, type: key.type, values: take(values[column] as ArrayLike<unknown>, order) }),
    );
    const results = aggregates.map((aggregate, i) =>
      finishAggregate({ ...aggregate, state: this.#states.get(i, order) }),
    );
    return frameFromColumns(
      [...keyColumns, ...results].map(({ name, type, storage }): ColumnInput => ({ name, type, ...storage })),
    );
  }
}

/** The names and types of a partial, without the chunk that they are from. */
interface Head {
  readonly keys: readonly Pick<PartialKey, "name" | "type">[];
  readonly aggregates: readonly Pick<PartialAggregate, "name" | "column" | "type">[];
}

function headOf(partial: Partial): Head {
  const { keys, aggregates } = partial.ungrouped ?? partial;
  return {
    keys: keys.map(({ name, type }) => ({ name, type })),
    aggregates: aggregates.map(({ name, column, type }) => ({ name, column, type })),
  };
}

/** What partials that can be merged have in common; a name and its column tell the function. */
function shapeOf({ keys, aggregates }: Head): unknown {
  return [keys.map(({ name }) => name), aggregates.map(({ name, column }) => [name, column])];
}

/** Rows in memory may be whole numbers in one chunk and fractions in another. */
function widened(one: Head, other: Head): Head {
  const widen = <T extends { readonly type: string }>(before: T, after: { readonly type: string } | undefined): T => ({
    ...before,
    type: commonType(before.type, after?.type ?? before.type) ?? before.type,
  });
  return {
    keys: one.keys.map((key, i) => widen(key, other.keys[i])),
    aggregates: one.aggregates.map((aggregate, i) => widen(aggregate, other.aggregates[i])),
  };
}

function take<T>(list: ArrayLike<T>, order: Uint32Array): T[] | Float64Array {
  const taken: T[] | Float64Array =
    list instanceof Float64Array ? new Float64Array(order.length) : new Array<T>(order.length);
  for (let i = 0; i < order.length; i++) (taken as T[])[i] = list[order[i] as number] as T;
  return taken;
}
