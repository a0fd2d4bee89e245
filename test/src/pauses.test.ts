import { expect, test, vi } from "vitest";
import { inTurns, pauses } from "../../src/pauses.ts";

test("turns are given where the work took its time, and not more often", async () => {
  let clock = 0;
  vi.spyOn(performance, "now").mockImplementation(() => clock);
  const turns: number[] = [];
  const pause = pauses(async () => {
    turns.push(clock);
    // The turn itself is not work.
    clock += 100;
  });
  for (let step = 0; step < 20; step++) {
    clock += 3;
    await pause();
  }
  vi.restoreAllMocks();
  expect(turns).toEqual([9, 118, 227, 336, 445, 554]);
});

test("what is made of many items is in their order, with turns between", async () => {
  let clock = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (clock += 1000));
  let turns = 0;
  const made = await inTurns(new Set(["a", "b", "c"]), (item, i) => {
    setImmediate(() => turns++);
    return `${item}${i}${turns}`;
  });
  vi.restoreAllMocks();
  expect(made).toEqual(["a00", "b11", "c22"]);
});
