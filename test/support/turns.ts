import { vi } from "vitest";

/** What work gives, and how often the event loop turned meanwhile, where a turn is due whenever it is asked for. */
export async function countingTurns<T>(work: () => Promise<T>): Promise<{ readonly given: T; readonly turns: number }> {
  let clock = 0;
  const watch = vi.spyOn(performance, "now").mockImplementation(() => (clock += 1000));
  let [turns, isOver] = [0, false];
  const turn = (): void => {
    turns++;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  try {
    return { given: await work(), turns };
  } finally {
    isOver = true;
    watch.mockRestore();
  }
}
