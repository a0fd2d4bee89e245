import { setTimeout as sleep } from "node:timers/promises";
import { readResident } from "../../src/memory.ts";
import type { FromSentinel } from "../link/messages.ts";
import type { MainThread } from "./main-thread.ts";
import { heapLimit, processLimit } from "./memory-limit.ts";
import { type MemoryReason, NO_CELL } from "./shared-state.ts";
import type { Stopper } from "./stopper.ts";

const POLL_MS = 25;
const IDLE_POLL_MS = 250;
const REPORT_MS = 1000;
/** Near the limit memory is looked at this often: a fast loop allocates half a megabyte a millisecond. */
const NEAR_POLL_MS = 4;
const NEAR = 0.75;
/** Above this there is no time left to find out how much of it is garbage. */
const TOO_LATE = 1.12;
/** A full collection costs seconds on a large heap, so a cell that makes much garbage is not collected at every look. */
const COLLECT_EVERY_MS = 2000;
/** What a cell may still take when the variables kept from before fill the limit already: it must be able to free them. */
const SLACK = 64 * 2 ** 20;
const WORTH_REPORTING = 2 ** 20;

/** Stops the cell before the process would die of memory: too large a heap, or too large a process. */
export class MemoryGuard {
  readonly #main: MainThread;
  readonly #stopper: Stopper;
  /** Above it a cell is stopped; V8 ends the process at the whole. */
  readonly #heapLimit: number;
  readonly #heapWhole: number;
  readonly #report: (message: FromSentinel) => void;
  #residentLimit = processLimit().bytes;
  #cell: number | undefined;
  #atStart = { heap: 0, process: 0 };
  #heap = 0;
  #collectedAt = Number.NEGATIVE_INFINITY;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #reported = 0;

  constructor(main: MainThread, stopper: Stopper, heapWhole: number, report: (message: FromSentinel) => void) {
    this.#main = main;
    this.#stopper = stopper;
    this.#heapLimit = heapLimit(heapWhole);
    this.#heapWhole = heapWhole;
    this.#report = report;
    void this.#poll();
  }

  setResidentLimit(bytes: number): void {
    this.#residentLimit = bytes;
  }

  async #poll(): Promise<never> {
    for (;;) {
      const cell = this.#main.activeCell;
      if (cell !== this.#cell) this.#begin(cell);
      if (cell !== undefined) this.#main.feelPulse();
      const reason = await this.#overLimit();
      if (reason) await this.#stop(cell, reason);
      await this.#reportNow();
      await sleep(
        this.#heap > NEAR * this.#heapLimit && cell !== undefined
          ? NEAR_POLL_MS
          : cell === undefined
            ? IDLE_POLL_MS
            : POLL_MS,
      );
    }
  }

  #begin(cell: number | undefined): void {
    this.#cell = cell;
    this.#atStart = { heap: this.#heap, process: readResident() };
  }

  async #overLimit(): Promise<MemoryReason | undefined> {
    const found = await this.#look();
    const isRecent = performance.now() - this.#collectedAt < COLLECT_EVERY_MS;
    if (found === undefined || isRecent || found.used > TOO_LATE * found.limit) return found;
    // What fills it may be garbage: a cell is stopped for what it keeps.
    await this.#main.collectGarbage();
    this.#collectedAt = performance.now();
    return this.#look();
  }

  /** The heap is part of the process, so that a small process has no need to be asked for its heap. */
  async #look(): Promise<MemoryReason | undefined> {
    const resident = readResident();
    if (resident > this.#residentLimit && resident > this.#atStart.process + SLACK) {
      return { why: "memory", of: "process", used: resident, limit: this.#residentLimit };
    }
    if (resident < NEAR * this.#heapLimit) return undefined;
    this.#heap = await this.#main.heapUsed();
    const allowed = Math.max(
      this.#heapLimit,
      Math.min(this.#atStart.heap + SLACK, (this.#heapLimit + this.#heapWhole) / 2),
    );
    return this.#heap > allowed ? { why: "memory", of: "heap", used: this.#heap, limit: this.#heapLimit } : undefined;
  }

  async #stop(cell: number | undefined, reason: MemoryReason): Promise<void> {
    await this.#stopper.stop(cell ?? NO_CELL, reason);
    // Else what the stopped cell had made would count against the next one.
    await this.#main.collectGarbage();
    this.#collectedAt = performance.now();
    this.#heap = await this.#main.heapUsed();
  }

  async #reportNow(): Promise<void> {
    if (performance.now() - this.#reportedAt < REPORT_MS) return;
    this.#reportedAt = performance.now();
    const resident = readResident();
    // An idle process is left asleep.
    if (Math.abs(resident - this.#reported) < WORTH_REPORTING) return;
    this.#reported = resident;
    this.#heap = await this.#main.heapUsed();
    this.#report({ type: "memory", resident, heap: this.#heap, heapLimit: this.#heapWhole });
  }
}
