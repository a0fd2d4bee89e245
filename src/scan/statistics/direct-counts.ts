import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { copyIn, copyOut, copyWords } from "./records.ts";

/** The places of a table on their way to another thread. */
export interface DirectPart {
  /** Base and unit (u64 both) as the kernel has them. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** In as few bytes as hold the largest. */
  readonly counts: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
  /** What is beyond 32 bits. */
  readonly wide: BigUint64Array<ArrayBuffer> | undefined;
}

/** Takes values and counts (u64 both), ascending by value. */
export type EntriesReader = (values: number, counts: number, size: number) => void;

/** Places that are looked at together, so that what is made of them stays in the cache. */
const PIECE = 8192;
/** What the kernel says of values that lie too far apart whatever comes. */
const NEVER = 1;

/** How often whole numbers come that lie close together, or far apart in equal steps. */
export class DirectCounts {
  readonly #kernel: Kernel;
  readonly #table: number;

  private constructor(kernel: Kernel, table: number) {
    this.#kernel = kernel;
    this.#table = table;
  }

  /** Takes the entries of exact counts over; "never" when their values lie too far apart, undefined when there may be a time for it. */
  static of(kernel: Kernel, counts: number, most: number): DirectCounts | "never" | undefined {
    const table = kernel.calls.directOf(counts, most) >>> 0;
    if (table === NEVER) return "never";
    return table === 0 ? undefined : new DirectCounts(kernel, table);
  }

  get distinct(): number {
    return this.#kernel.calls.directSize(this.#table);
  }

  /** Counts values (i64), each `weights` (u64) times where these are not 0; gives how many before one that lies too far away. */
  count(values: number, weights: number, rows: number): number {
    return this.#kernel.calls.directCount(this.#table, values, weights, rows) >>> 0;
  }

  /** Hands out all that was counted, in pieces that lie in memory of `arena`. */
  read(arena: Arena, use: EntriesReader): void {
    const { directCounts, directWide, directPlaces, directEntries } = this.#kernel.calls;
    const places = directPlaces(this.#table);
    const [values, times] = [arena.take(PIECE * 8), arena.take(PIECE * 8)];
    for (let from = 0; from < places; from += PIECE) {
      const [counts, wide] = [directCounts(this.#table) + from * 4, directWide(this.#table)];
      const some = Math.min(PIECE, places - from);
      const size = directEntries(this.#table, from, counts, wide === 0 ? 0 : wide + from * 8, some, values, times);
      if (size > 0) use(values, times, size);
    }
    arena.give(values);
    arena.give(times);
  }

  part(): DirectPart {
    const { directCounts, directWide, directPlaces, directMost, directHead, memory } = this.#kernel.calls;
    const [places, wide] = [directPlaces(this.#table), directWide(this.#table) >>> 0];
    const counts = new Uint32Array(memory.buffer, directCounts(this.#table) >>> 0, places);
    const most = directMost(this.#table) >>> 0;
    return {
      head: copyOut(this.#kernel, this.#table, directHead()),
      counts: new (most < 2 ** 8 ? Uint8Array : most < 2 ** 16 ? Uint16Array : Uint32Array)(counts),
      wide: wide === 0 ? undefined : copyWords(this.#kernel, wide, places),
    };
  }

  free(): void {
    this.#kernel.calls.directFree(this.#table);
  }
}

/** Hands out what another part counted, as `DirectCounts.read` does. */
export function readPart(kernel: Kernel, arena: Arena, { head, counts, wide }: DirectPart, use: EntriesReader): void {
  const [base, times] = [arena.take(head.length), arena.take(PIECE * 8)];
  const [values, narrowAt, wideAt] = [arena.take(PIECE * 8), arena.take(PIECE * 4), arena.take(PIECE * 8)];
  copyIn(kernel, base, head);
  for (let from = 0; from < counts.length; from += PIECE) {
    const places = Math.min(PIECE, counts.length - from);
    new Uint32Array(kernel.calls.memory.buffer, narrowAt, places).set(counts.subarray(from, from + places));
    if (wide) copyIn(kernel, wideAt, wide.subarray(from, from + places));
    const size = kernel.calls.directEntries(base, from, narrowAt, wide ? wideAt : 0, places, values, times);
    if (size > 0) use(values, times, size);
  }
  for (const block of [base, times, values, narrowAt, wideAt]) arena.give(block);
}
