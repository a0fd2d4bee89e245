import type { Moved } from "../../threads/serve.ts";
import { packFailure, unpackFailure } from "./failures.ts";
import type { LastWords } from "./other-threads.ts";
import type { PieceFault } from "./scan-pieces.ts";
import type { Work } from "./work.ts";

/**
 * What a thread has found, and what others gave to it. While it is not known whether all pieces fit together, that it cannot be brought together says
 * nothing.
 */
export class Gathered {
  readonly #work: Pick<Work, "parts" | "merge" | "result">;
  readonly #faults: PieceFault[] = [];
  readonly #failures: unknown[] = [];

  constructor(work: Pick<Work, "parts" | "merge" | "result">, fault: PieceFault | undefined) {
    this.#work = work;
    if (fault) this.#faults.push(fault);
  }

  /** Of all whose findings are here. */
  get faults(): readonly PieceFault[] {
    return this.#faults;
  }

  /** A part of another thread's. */
  take(part: unknown): void {
    this.#try(() => this.#work.merge(part));
  }

  /** How other threads ended. */
  end(last: readonly LastWords[]): void {
    for (const { faults, failure } of last) {
      this.#faults.push(...faults);
      if (failure) this.#failures.push(unpackFailure(failure));
    }
  }

  /** Says all of it, part by part as long as somebody wants them, and how it ended. */
  handOn(say: (part: Moved) => void, isWanted: () => boolean): LastWords {
    this.#try(() => {
      if (!isWanted()) return;
      for (const part of this.#work.parts()) {
        say(part);
        if (!isWanted()) break;
      }
    });
    return { faults: this.#faults, failure: this.#failures.map(packFailure)[0] };
  }

  result(): Moved {
    if (this.#failures.length > 0) throw this.#failures[0];
    return this.#work.result();
  }

  /** What has a fault comes to nothing. */
  #try(step: () => void): void {
    if (this.#failures.length > 0 || this.#faults.length > 0) return;
    try {
      step();
    } catch (failure) {
      this.#failures.push(failure);
    }
  }
}
