export interface PaceOptions {
  /** Nothing is drawn before this many milliseconds: quick work stays silent. */
  readonly afterMs?: number | undefined;
  /** Least milliseconds between two drawings. */
  readonly everyMs?: number | undefined;
}

/** Draws the latest of many states, not too early and not too often. The state given last is always drawn once drawing has begun. */
export interface Pace<State> {
  offer(state: State): void;
  /** Whether anything was drawn. */
  readonly begun: boolean;
  /** Stops for good and gives the latest state; nothing is drawn after it. */
  stop(): State | undefined;
}

/**
 * @example
 * const pace = paced((done: number) => bar.update(done), { afterMs: 500, everyMs: 250 });
 * pace.offer(0.1);
 */
export function paced<State>(
  draw: (state: State) => void,
  { afterMs = 500, everyMs = 250 }: PaceOptions = {},
): Pace<State> {
  let latest: { readonly state: State } | undefined;
  let dueAt = performance.now() + afterMs;
  let timer: NodeJS.Timeout | undefined;
  let begun = false;
  let stopped = false;

  const drawLatest = (): void => {
    timer = undefined;
    if (stopped || !latest) return;
    begun = true;
    dueAt = performance.now() + everyMs;
    draw(latest.state);
  };

  return {
    get begun() {
      return begun;
    },
    offer(state) {
      if (stopped) return;
      latest = { state };
      const wait = dueAt - performance.now();
      // A loop that never yields to timers still shows how far it is.
      if (wait <= 0) {
        clearTimeout(timer);
        drawLatest();
      } else if (!timer) {
        timer = setTimeout(drawLatest, wait);
        timer.unref();
      }
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      timer = undefined;
      return latest?.state;
    },
  };
}
