import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { ExecutePlanResponse_ExecutionProgressSchema as Schema } from "#spark-proto/base";
import type { ProgressEvent } from "../../../../src/progress.ts";
import { doneNote, progressReporter, readProgress } from "../../../../src/spark/connect/progress.ts";

function message(...stages: readonly (readonly [id: number, done: number, tasks: number])[]) {
  return create(Schema, {
    stages: stages.map(([id, done, tasks]) => ({
      stageId: BigInt(id),
      numTasks: BigInt(tasks),
      numCompletedTasks: BigInt(done),
      done: done === tasks,
    })),
  });
}

test("a stage that the planner skipped does not hold the bar below the end", () => {
  expect(readProgress(message([38, 2, 2], [41, 4, 4], [40, 0, 8], [39, 2, 2])).fraction).toBe(1);
});

test("a stage that has yet to begin counts", () => {
  expect(readProgress(message([1, 4, 4], [2, 0, 4])).fraction).toBe(0.5);
});

test("at its end an operation has done all that was counted, whatever the last message said", () => {
  expect(doneNote(message([1, 1, 2], [2, 0, 1], [0, 0, 8]))).toBe("2 stages, 3 tasks");
  expect(doneNote(message([7, 1, 1]))).toBe("1 stage, 1 task");
  expect(doneNote(message())).toBeUndefined();
});

test("nothing is claimed before there are tasks, and nothing is said twice", () => {
  const events: ProgressEvent[] = [];
  const report = progressReporter("query", (event) => events.push(event));
  report(message());
  report(message([1, 1, 4]));
  report(message([1, 1, 4]));
  report(message([1, 4, 4]));
  expect(events.map(({ fraction }) => fraction)).toEqual([0.25, 1]);
  expect(events[0]?.note).toContain("1 of 4 tasks");
});
