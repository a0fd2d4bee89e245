import { UsageError } from "../../errors.ts";
import {
  type ColumnInput,
  columnsOf,
  type DataFrame,
  frameFromColumns,
  isEdited,
  isFrame,
  isSeries,
} from "../../frame/frame.ts";
import { type Partial, partialOf } from "../../frame/partial.ts";
import type { CallbackOptions } from "../options.ts";
import { concatFrames } from "./concat.ts";
import { PartialMerger } from "./merge.ts";
import { requirePlain } from "./plain-data.ts";

/** Gathers the values that the callback gives, one for each chunk, into one result. */
export interface Combiner {
  add(value: unknown): void;
  /** Of the chunks so far; may be asked after a stop. */
  finish(): Promise<unknown>;
  /** What was gathered so far, as data that a file can keep. */
  save(): unknown;
  /** Goes on from what another one saved; to be asked before anything is added. */
  restore(saved: unknown): void;
  /** Lets go of everything gathered. */
  release(): void;
}

/**
 * The combiner for a `merge` option. One that is to be saved takes only values that can be.
 *
 * @throws {UsageError} E_BAD_OPTION
 */
export function createCombiner(merge: CallbackOptions["merge"] = "auto", isSaved = false): Combiner {
  const check = isSaved ? requirePlain : () => undefined;
  if (typeof merge === "function") return collecting((values) => merge([...values]), { ...AS_THEY_ARE, check });
  if (merge === "concat") return collecting((values) => concatFrames(values.map(requireFrame)), AS_COLUMNS);
  if (merge === "auto") return new AutoCombiner(check);
  throw new UsageError("E_BAD_OPTION", `there is no merge "${String(merge)}"`, {
    hint: "use auto, concat or the name of a function",
  });
}

interface Keeping {
  /** @throws {UsageError} for a value that cannot be kept */
  check(value: unknown): void;
  pack(value: unknown): unknown;
  unpack(saved: unknown): unknown;
}

const AS_THEY_ARE = { pack: (value: unknown) => value, unpack: (saved: unknown) => saved };

/** Frames by what lies under them. */
const AS_COLUMNS: Keeping = {
  check: requireFrame,
  pack: (value) => columnsOf(value as DataFrame).map(({ name, type, storage }) => ({ name, type, ...storage })),
  unpack: (saved) => frameFromColumns(saved as readonly ColumnInput[]),
};

function collecting(combine: (values: readonly unknown[]) => unknown, { check, pack, unpack }: Keeping): Combiner {
  const values: unknown[] = [];
  return {
    add: (value) => {
      if (value === undefined) return;
      check(value);
      values.push(value);
    },
    finish: async () => (values.length === 0 ? undefined : combine(values)),
    save: () => values.map(pack),
    restore: (saved) => {
      for (const one of saved as readonly unknown[]) values.push(unpack(one));
    },
    release: () => {
      values.length = 0;
    },
  };
}

/** What the first value is decides for the whole run, so that a value that cannot be merged fails in the first chunk. */
class AutoCombiner implements Combiner {
  #merger: PartialMerger | undefined;
  #values: unknown[] | undefined;
  readonly #check: (value: unknown) => void;

  constructor(check: (value: unknown) => void) {
    this.#check = check;
  }

  add(value: unknown): void {
    if (value === undefined) return;
    const partial = mergeable(value);
    if (partial ? this.#values !== undefined : this.#merger !== undefined)
      throw new UsageError("E_MERGE", "some chunks gave an aggregate and some a plain value", {
        hint: "give the same kind of value in every chunk, or say how to merge with --merge FUNCTION",
      });
    if (partial) {
      this.#merger ??= new PartialMerger(partial);
      this.#merger.add(partial);
    } else {
      this.#check(value);
      this.#values ??= [];
      this.#values.push(value);
    }
  }

  async finish(): Promise<unknown> {
    return this.#merger ? this.#merger.finish() : this.#values && [...this.#values];
  }

  save(): AutoSaved {
    return { partial: this.#merger?.save(), values: this.#values };
  }

  restore(saved: unknown): void {
    const { partial, values } = saved as AutoSaved;
    this.#values = values && [...values];
    if (!partial) return;
    this.#merger = new PartialMerger(partial);
    this.#merger.add(partial);
  }

  release(): void {
    this.#merger = undefined;
    this.#values = undefined;
  }
}

interface AutoSaved {
  readonly partial: Partial | undefined;
  readonly values: readonly unknown[] | undefined;
}

/** The partial of an untouched aggregate; undefined for a plain value. */
function mergeable(value: unknown): Partial | undefined {
  const partial = partialOf(value);
  const isTable = isFrame(value) || isSeries(value);
  if (partial && !(isFrame(value) && isEdited(value))) return partial;
  if (!isTable) return undefined;
  const what = partial
    ? "an aggregate that was edited"
    : isFrame(value)
      ? "a frame that is no aggregate of the chunk"
      : "a series that is no aggregate of the chunk";
  throw new UsageError("E_MERGE", `the value of the chunk is ${what}, and how to merge it is not known`, {
    hint: 'stack the frames with --merge concat, or give a function of all values with --merge NAME; an aggregate such as chunk.groupby(["key"]).col(["x"]).sum() merges by itself',
  });
}

function requireFrame(value: unknown): DataFrame {
  if (isFrame(value)) return value;
  throw new UsageError("E_MERGE", "--merge concat stacks frames, and a chunk gave something else", {
    hint: "give a frame in every chunk, or leave --merge out to collect plain values in an array",
  });
}
