import type { Arena } from "../arena.ts";
import type { Kernel } from "../kernel.ts";
import { copyIn, copyOut } from "./records.ts";

/** The places of a table on their way to another thread. */
export interface DirectPart {
  /** Base and unit (u64 both) as the kernel has them. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** Modulo 256. */
  readonly counts: Uint8Array<ArrayBuffer>;
  /** How many times 256 each is more. */
  readonly carries: Uint32Array<ArrayBuffer> | undefined;
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
    const { directCounts, directCarries, directPlaces, directEntries } = this.#kernel.calls;
    const places = directPlaces(this.#table);
    const [values, times] = [arena.take(PIECE * 8), arena.take(PIECE * 8)];
    for (let from = 0; from < places; from += PIECE) {
      const [counts, carries] = [directCounts(this.#table) + from, directCarries(this.#table)];
      const some = Math.min(PIECE, places - from);
      const size = directEntries(this.#table, from, counts, carries && carries + from * 4, some, values, times);
      if (size > 0) use(values, times, size);
    }
    arena.give(values);
    arena.give(times);
  }

  part(): DirectPart {
    const kernel = this.#kernel;
    const { directCounts, directCarries, directPlaces, directHead } = kernel.calls;
    const [places, carries] = [directPlaces(this.#table), directCarries(this.#table) >>> 0];
    return {
      head: copyOut(kernel, this.#table, directHead()),
      counts: copyOut(kernel, directCounts(this.#table) >>> 0, places),
      carries: carries === 0 ? undefined : new Uint32Array(copyOut(kernel, carries, places * 4).buffer),
    };
  }

  free(): void {
    this.#kernel.calls.directFree(this.#table);
  }
}

/** Hands out what another part counted, as `DirectCounts.read` does. */
export function readPart(
  kernel: Kernel,
  arena: Arena,
  { head, counts, carries }: DirectPart,
  use: EntriesReader,
): void {
  const [base, times] = [arena.take(head.length), arena.take(PIECE * 8)];
  const [values, countsAt, carriesAt] = [arena.take(PIECE * 8), arena.take(PIECE), arena.take(PIECE * 4)];
  copyIn(kernel, base, head);
  for (let from = 0; from < counts.length; from += PIECE) {
    const places = Math.min(PIECE, counts.length - from);
    copyIn(kernel, countsAt, counts.subarray(from, from + places));
    if (carries) copyIn(kernel, carriesAt, carries.subarray(from, from + places));
    const size = kernel.calls.directEntries(base, from, countsAt, carries ? carriesAt : 0, places, values, times);
    if (size > 0) use(values, times, size);
  }
  for (const block of [base, times, values, countsAt, carriesAt]) arena.give(block);
}
