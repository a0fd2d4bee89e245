import { getHeapStatistics, setFlagsFromString } from "node:v8";
import vm from "node:vm";

/** The one place that reads this process's memory. Figures are bytes of the whole process, its worker threads included. */
export interface MemoryReading {
  /** Resident set of the process. */
  readonly resident: number;
  /** V8 heap in use on the calling thread. */
  readonly heap: number;
  /** ArrayBuffers and other memory outside the V8 heap. */
  readonly buffers: number;
}

export function readMemory(): MemoryReading {
  const usage = process.memoryUsage();
  return { resident: usage.rss, heap: usage.heapUsed, buffers: usage.external };
}

/** Resident memory alone: 20 times cheaper than a whole reading. */
export function readResident(): number {
  return process.memoryUsage.rss();
}

/** The highest resident memory that the process ever had, by the system's own mark. */
export function peakResident(): number {
  return process.resourceUsage().maxRSS * 1024;
}

type Collector = (options?: { readonly type: "major" | "minor" }) => void;

let collector: Collector | undefined;

/** V8's own function for a collection, a full one unless said otherwise, under no name that other code finds: only a context made after the flag has it. */
export function garbageCollector(): Collector {
  if (collector) return collector;
  setFlagsFromString("--expose-gc");
  collector = vm.runInNewContext("gc") as Collector;
  setFlagsFromString("--no-expose-gc");
  return collector;
}

/** Collects all garbage of the calling thread, which takes as long as its heap is large. */
export function collectGarbage(): void {
  garbageCollector()();
}

/** Collects the youngest objects of the calling thread, in about a millisecond. */
export function collectYoungest(): void {
  garbageCollector()({ type: "minor" });
}

/** The heap that V8 allows the calling thread, in bytes: at its end the process dies. */
export function heapSizeLimit(): number {
  return getHeapStatistics().heap_size_limit;
}

/** Samples memory until stopped and keeps the highest reading of each figure. */
export class MemoryMeter {
  #peak: MemoryReading = readMemory();
  readonly #timer: NodeJS.Timeout;

  constructor(everyMs = 50) {
    this.#timer = setInterval(() => this.sample(), everyMs);
    this.#timer.unref();
  }

  sample(): MemoryReading {
    const now = readMemory();
    this.#peak = {
      resident: Math.max(this.#peak.resident, now.resident),
      heap: Math.max(this.#peak.heap, now.heap),
      buffers: Math.max(this.#peak.buffers, now.buffers),
    };
    return now;
  }

  /** The highest readings so far; the meter goes on. */
  get peak(): MemoryReading {
    this.sample();
    return this.#peak;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
