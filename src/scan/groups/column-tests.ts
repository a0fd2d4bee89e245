import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { noMemory } from "../refused.ts";
import type { ColumnTest } from "../request.ts";
import type { Lane } from "./lane.ts";
import { type Bounds, boundsOf, wordOf } from "./test-bounds.ts";
import { textTest } from "./text-tests.ts";

/** Takes rows away from the mask. */
type Run = (rows: number, mask: number) => void;

/** The tests of a request over the columns of a block; a row must pass all of them. */
export class ColumnTests {
  /** Rows of the block that passed. */
  passing = 0;
  readonly #kernel: Kernel;
  readonly #arena: Arena;
  readonly #maxRows: number;
  readonly #mask: number;
  readonly #runs: readonly Run[];
  readonly #sets: number[] = [];
  #images = 0;

  /** `laneOf` gives the values of a column by its name. */
  constructor(
    kernel: Kernel,
    arena: Arena,
    tests: readonly ColumnTest[],
    laneOf: (column: string) => Lane,
    maxRows: number,
  ) {
    this.#kernel = kernel;
    this.#arena = arena;
    this.#maxRows = maxRows;
    this.#mask = tests.length === 0 ? 0 : arena.take(maxRows);
    this.#runs = tests.map((test) => this.#prepare(test, laneOf(test.column)));
  }

  /** Address of a byte a row of the block that the lanes hold, 1 where it passes; 0 when all do. */
  mask(rows: number): number {
    this.passing = rows;
    if (this.#runs.length === 0) return 0;
    this.#kernel.bytes.fill(1, this.#mask, this.#mask + rows);
    for (const run of this.#runs) run(rows, this.#mask);
    this.passing = this.#kernel.calls.countPassing(this.#mask, rows);
    return this.passing === rows ? 0 : this.#mask;
  }

  free(): void {
    for (const set of this.#sets) this.#kernel.calls.tableFree(set);
  }

  #prepare(test: ColumnTest, lane: Lane): Run {
    const { calls } = this.#kernel;
    if (!("value" in test || "values" in test)) {
      const wanted = test.test === "null" ? 1 : 0;
      return (rows, mask) => calls.testNull(lane.valid, rows, wanted, mask);
    }
    if (lane.type.kind === "text") return textTest(this.#kernel, this.#arena, test, lane);
    if ("values" in test) return this.#prepareSet(test, lane);
    return this.#prepareRange(boundsOf(test.column, lane.type, test.test, test.value), lane);
  }

  #prepareRange({ low, high, isOutside }: Bounds, lane: Lane): Run {
    const { calls } = this.#kernel;
    const bounds = this.#arena.take(16);
    new BigUint64Array(this.#kernel.bytes.buffer, bounds, 2).set([BigInt.asUintN(64, low), BigInt.asUintN(64, high)]);
    const outside = isOutside ? 1 : 0;
    if (lane.type.kind !== "double")
      return (rows, mask) => calls.testRange(lane.values, lane.valid, rows, bounds, outside, mask);
    if (this.#images === 0) this.#images = this.#arena.take(this.#maxRows * 8);
    return (rows, mask) => {
      calls.doubleImages(lane.values, rows, this.#images);
      calls.testRange(this.#images, lane.valid, rows, bounds, outside, mask);
    };
  }

  #prepareSet(test: ColumnTest & { readonly test: "in" | "not in" }, lane: Lane): Run {
    const { calls } = this.#kernel;
    const words = test.values
      .map((value) => wordOf(test.column, lane.type, value))
      .filter((word) => word !== undefined);
    const set = calls.keysNew() >>> 0;
    if (set === 0) throw noMemory("the tests");
    this.#sets.push(set);
    const keys = this.#arena.take(words.length * 8 + 8);
    const codes = this.#arena.take(words.length * 4 + 4);
    new BigInt64Array(this.#kernel.bytes.buffer, keys, words.length).set(words);
    if (calls.codesOfKeys(set, keys, 0, 0, words.length, codes) < 0) throw noMemory("the tests");
    this.#arena.give(keys);
    this.#arena.give(codes);
    const outside = test.test === "not in" ? 1 : 0;
    return (rows, mask) => calls.testKeys(lane.words, lane.valid, rows, set, outside, mask);
  }
}
