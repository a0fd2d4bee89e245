import { UsageError } from "../../errors.ts";
import { finishAggregate, keyColumn } from "../../frame/finish.ts";
import { type ColumnInput, type DataFrame, frameFromColumns } from "../../frame/frame.ts";
import type { Partial } from "../../frame/partial.ts";
import { sortedOrder, upTo } from "../order.ts";
import { KeyIndex } from "./key-index.ts";
import { MergedStates } from "./merged-states.ts";

/** Merges the partials of chunks by algebra: sums with counts, Welford states, sets. */
export class PartialMerger {
  readonly #first: Partial;
  readonly #index: KeyIndex;
  readonly #states: MergedStates;

  constructor(first: Partial) {
    this.#first = first;
    this.#index = new KeyIndex(first.keys);
    this.#states = new MergedStates(first.aggregates);
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
    if (signature(partial) !== signature(this.#first))
      throw new UsageError("E_MERGE", "the chunks gave different aggregates, which cannot be merged", {
        hint: "give the same aggregates in every chunk, or say how to merge with --merge FUNCTION",
      });
    const ids = this.#index.add(partial.keys, partial.groups);
    this.#states.add(partial.aggregates, ids, this.#index.groups);
  }

  /** What was taken in, as the partial of all chunks so far: plain data, from which another merger goes on as this one would. */
  save(): Partial {
    const { keys, aggregates } = this.#first;
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
    const { keys, aggregates } = this.#first;
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

function signature({ keys, aggregates }: Partial): string {
  return JSON.stringify([keys.map(({ name }) => name), aggregates.map(({ name, state }) => [name, state.fn])]);
}

function take<T>(list: ArrayLike<T>, order: Uint32Array): T[] | Float64Array {
  const taken: T[] | Float64Array =
    list instanceof Float64Array ? new Float64Array(order.length) : new Array<T>(order.length);
  for (let i = 0; i < order.length; i++) (taken as T[])[i] = list[order[i] as number] as T;
  return taken;
}
