import type { ExecutePlanResponse_ExecutionProgress } from "#spark-proto/base";
import type { ProgressListener } from "../../progress.ts";
import { formatBytes, formatCount } from "../../units.ts";

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

/**
 * How far the stages are. A stage that has not begun although a later one has was skipped by the adaptive planner and will never
 * move, so it is left out; what is not planned yet is not known, so the fraction may fall when stages are added.
 */
export function readProgress({ stages, numInflightTasks }: Message): {
  readonly fraction: number | undefined;
  readonly note: string;
} {
  const begun = stages.filter((stage) => stage.done || stage.numCompletedTasks > 0n);
  const newest = begun.reduce((most, { stageId }) => (stageId > most ? stageId : most), -1n);
  const counted = stages.filter((stage) => begun.includes(stage) || stage.stageId > newest);
  const tasks = counted.reduce((sum, { numTasks }) => sum + Number(numTasks), 0);
  const completed = counted.reduce((sum, { numCompletedTasks }) => sum + Number(numCompletedTasks), 0);
  const bytes = stages.reduce((sum, { inputBytesRead }) => sum + Number(inputBytesRead), 0);
  const words = [
    `${counted.filter(({ done }) => done).length} of ${counted.length} stages`,
    `${formatCount(completed)} of ${formatCount(tasks)} tasks`,
    ...(numInflightTasks > 0n ? [`${numInflightTasks} running`] : []),
    ...(bytes > 0 ? [`${formatBytes(bytes)} read`] : []),
  ];
  return { fraction: tasks > 0 ? completed / tasks : undefined, note: words.join(", ") };
}
