import { nodeInternals } from "./node-internals.ts";

interface TaskQueue {
  readonly tickInfo: Readonly<Record<number, number>>;
}

/** In Node's table of what waits for the end of a turn. */
const HAS_REJECTION = 1;

let tickInfo: TaskQueue["tickInfo"] | undefined;

/** Whether a promise was rejected in this turn and nobody waits for it: Node tells of it at the end of the turn, which is after the cell's. */
export function hasUntoldRejection(): boolean {
  tickInfo ??= (nodeInternals("internal/test/binding").internalBinding("task_queue") as TaskQueue).tickInfo;
  return tickInfo[HAS_REJECTION] === 1;
}

let whenTold: (() => void) | undefined;

/** Node tells of it behind all others of its turn, those that somebody takes in the meantime left out. */
const LAST = Symbol("the last rejection of the turn");

/** Calls `work`, which may be called twice, once Node has told of them, before anything that waits for the loop and may never end. */
export function afterRejections(work: () => void): void {
  whenTold = work;
  // Where the end of the turn was unwound with a stopped cell, nothing is told in it.
  setImmediate(work);
  // A cell that listens as well must not see ours, and waits for its immediates.
  if (process.listenerCount("unhandledRejection") === 1) void Promise.reject(LAST);
}

export function isOurs(reason: unknown): boolean {
  return reason === LAST;
}

/** One has been told; others of this turn are before what is next. */
export function rejectionTold(): void {
  if (whenTold) process.nextTick(whenTold);
  whenTold = undefined;
}
