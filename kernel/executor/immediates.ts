import { nodeInternals } from "./node-internals.ts";

/** Node's own record of one `setImmediate`. */
interface Immediate {
  _idleNext: Immediate | null;
  _idlePrev: Immediate | null;
  _onImmediate: ((...values: readonly unknown[]) => unknown) | null;
  _destroyed: boolean;
}

interface ImmediateList {
  head: Immediate | null;
  tail: Immediate | null;
  append(item: Immediate): void;
}

interface Timers {
  readonly immediateQueue: ImmediateList;
  readonly immediateInfoFields: { readonly kCount: number };
}

let queue: ImmediateList;
let countOne: () => void;
let running: Immediate | undefined;

/**
 * Node takes a batch of immediates off its queue and walks it; one that is terminated leaves the batch half walked, with itself at its head,
 * and from then on every immediate fails. From now on the one that runs is known, so that `mendImmediates` can put the rest in order.
 */
export function watchImmediates(): void {
  const timers = nodeInternals("internal/timers") as Timers;
  const { immediateInfo } = nodeInternals("internal/test/binding").internalBinding("timers") as {
    readonly immediateInfo: Uint32Array;
  };
  const { kCount } = timers.immediateInfoFields;
  countOne = () => {
    immediateInfo[kCount] = (immediateInfo[kCount] ?? 0) + 1;
  };
  queue = timers.immediateQueue;
  const append = queue.append;
  queue.append = (item) => {
    const work = item._onImmediate;
    item._onImmediate = (...values) => {
      running = item;
      try {
        return work?.apply(item, [...values]);
      } finally {
        running = undefined;
      }
    };
    append.call(queue, item);
  };
}

/** To be called outside of any immediate: one that still counts as running then was terminated. Whether there was one. */
export function mendImmediates(): boolean {
  const terminated = running;
  if (terminated === undefined) return false;
  running = undefined;
  // To Node it stands as one that has yet to run and has nothing to do.
  terminated._destroyed = false;
  terminated._onImmediate = () => {};
  countOne();
  // The first of a batch is known to nobody but us; any other is where Node goes on.
  if (terminated._idlePrev === null) putBack(terminated);
  return true;
}

/** A whole batch, before what has been queued since. */
function putBack(first: Immediate): void {
  let last = first;
  while (last._idleNext !== null) last = last._idleNext;
  last._idleNext = queue.head;
  if (queue.head === null) queue.tail = last;
  else queue.head._idlePrev = last;
  queue.head = first;
}
