import type { ExecutePlanResponse_ExecutionProgress } from "#spark-proto/base";
import type { ProgressListener } from "../../progress.ts";
import { countOf, formatBytes, formatCount } from "../../units.ts";

type Message = ExecutePlanResponse_ExecutionProgress;

/** Turns the server's messages, many of which are sent twice, into progress events. */
export function progressReporter(operation: string, listener: ProgressListener): (message: Message) => void {
  let last = "";
  return (message) => {
    const { fraction, note } = readProgress(message);
    const key = `${fraction} ${note}`;
    if (message.stages.length === 0 || key === last) return;
    last = key;
    listener({ operation, fraction, note });
  };
}

/** What an operation that has ended did. The server's last message may be from before its end, so all its stages and tasks are done. */
export function doneNote({ stages }: Message): string | undefined {
  const counted = countedStages(stages);
  if (counted.length === 0) return undefined;
  const bytes = sum(stages, "inputBytesRead");
  const words = [countOf(counted.length, "stage"), countOf(sum(counted, "numTasks"), "task")];
  return [...words, ...(bytes > 0 ? [`${formatBytes(bytes)} read`] : [])].join(", ");
}

/**
 * How far the stages are. A stage that has not begun although a later one has was skipped by the adaptive planner and will never
 * move, so it is left out; what is not planned yet is not known, so the fraction may fall when stages are added.
 */
export function readProgress({ stages, numInflightTasks }: Message): {
  readonly fraction: number | undefined;
  readonly note: string;
} {
  const counted = countedStages(stages);
  const tasks = sum(counted, "numTasks");
  const completed = sum(counted, "numCompletedTasks");
  const bytes = sum(stages, "inputBytesRead");
  const words = [
    `${counted.filter(({ done }) => done).length} of ${counted.length} stages`,
    `${formatCount(completed)} of ${formatCount(tasks)} tasks`,
    ...(numInflightTasks > 0n ? [`${numInflightTasks} running`] : []),
    ...(bytes > 0 ? [`${formatBytes(bytes)} read`] : []),
  ];
  return { fraction: tasks > 0 ? completed / tasks : undefined, note: words.join(", ") };
}

/** The ids of the stages whose tasks run, or wait for their turn; none between two stages. */
export function unfinishedStages({ stages }: Message): readonly bigint[] {
  return countedStages(stages).flatMap(({ done, stageId }) => (done ? [] : [stageId]));
}

type Stage = Message["stages"][number];

/** A stage that has not begun although a later one has was skipped. */
function countedStages(stages: readonly Stage[]): readonly Stage[] {
  const begun = stages.filter((stage) => stage.done || stage.numCompletedTasks > 0n);
  const newest = begun.reduce((most, { stageId }) => (stageId > most ? stageId : most), -1n);
  return stages.filter((stage) => begun.includes(stage) || stage.stageId > newest);
}

function sum(stages: readonly Stage[], what: "numTasks" | "numCompletedTasks" | "inputBytesRead"): number {
  return stages.reduce((total, stage) => total + Number(stage[what]), 0);
}
