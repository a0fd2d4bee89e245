import { MemoryLimitError } from "../../errors.ts";
import type { MemoryBounds } from "../../limits.ts";
import { collectGarbage, type MemoryReading, readMemory } from "../../memory.ts";
import { formatBytes, formatCount } from "../../units.ts";

/** Above it chunks are halved: what a function makes of one is half as large then. */
const HALVE = 0.85;
/** Above it the run stops, with what it has. */
const STOP = 0.95;
/** Cutting finer costs more than it saves. */
const LEAST_ROWS = 1000;
/** A full collection takes long on a large heap: between two lies so many times what the last one took, unless what is kept may have passed from one bound to the other. */
const REST = 4;
const GROWN = STOP - HALVE;

/**
 * Watches what the functions of a run keep, between two chunks. The limit of the run is for what heap and buffers have grown by since its
 * start; without one, and beside it, what the process and its heap may take as a whole is the limit.
 */
export class MemoryBudget {
  readonly #limit: number | undefined;
  readonly #bounds: MemoryBounds;
  #start: number;
  #restsUntil = Number.NEGATIVE_INFINITY;
  /** Of the limit, at the last collection. */
  #kept = Number.NEGATIVE_INFINITY;
  #mostRows = Number.POSITIVE_INFINITY;

  constructor(limit: number | undefined, bounds: MemoryBounds) {
    this.#limit = limit;
    this.#bounds = bounds;
    // Garbage of before would count as room.
    if (limit !== undefined) collectGarbage();
    this.#start = keptBytes(readMemory());
  }

  /** Rows that a chunk may have now. */
  get mostRows(): number {
    return this.#mostRows;
  }

  /** What a reader of the result should know. */
  get notes(): string[] {
    if (this.#mostRows === Number.POSITIVE_INFINITY) return [];
    return [`memory reached ${100 * HALVE} % of its budget: chunks were cut to ${formatCount(this.#mostRows)} rows`];
  }

  /**
   * Looks before the next chunk, which has so many rows.
   *
   * @throws {MemoryLimitError} E_MEMORY_BUDGET
   */
  look(rows: number): void {
    // What the runs of before have left may go only now, and is no room of this one.
    const reading = readMemory();
    this.#start = Math.min(this.#start, keptBytes(reading));
    let found = this.#fullest(reading);
    if (found.share < HALVE) return;
    // What fills it may be garbage.
    const began = performance.now();
    if (began < this.#restsUntil && found.share < this.#kept + GROWN) return;
    collectGarbage();
    const ended = performance.now();
    this.#restsUntil = ended + REST * (ended - began);
    found = this.#fullest(readMemory());
    this.#kept = found.share;
    if (found.share >= STOP) throw stopped(found);
    if (found.share >= HALVE) this.#mostRows = Math.max(LEAST_ROWS, Math.floor(Math.min(this.#mostRows, rows) / 2));
  }

  #fullest(reading: MemoryReading): Fill {
    const fills: Fill[] = [
      fill("the process", reading.resident, this.#bounds.process),
      fill("the JavaScript heap", reading.heap, this.#bounds.heap),
    ];
    if (this.#limit !== undefined)
      fills.push(fill("the memory limit of the run", keptBytes(reading) - this.#start, this.#limit));
    return fills.reduce((most, one) => (one.share > most.share ? one : most));
  }
}

interface Fill {
  readonly what: string;
  readonly used: number;
  readonly limit: number;
  readonly share: number;
}

function fill(what: string, used: number, limit: number): Fill {
  return { what, used, limit, share: used / limit };
}

function keptBytes({ heap, buffers }: MemoryReading): number {
  return heap + buffers;
}

function stopped({ what, used, limit }: Fill): MemoryLimitError {
  const share = `${Math.round((100 * used) / limit)} % of ${formatBytes(limit)}`;
  return new MemoryLimitError(
    "E_MEMORY_BUDGET",
    `what is kept of the chunks fills ${what} to ${share}: the run stopped with the part before it`,
    {
      hint: "give an aggregate of each chunk, which is merged, and keep none of its rows; or let the engine do it, which spills to disk: %chunked with --agg, or --to FILE for rows; or raise the limit",
    },
  );
}
