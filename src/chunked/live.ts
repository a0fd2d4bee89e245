import type { ProgressListener } from "../progress.ts";
import { liveDocument } from "./document.ts";
import type { RunMeter } from "./run.ts";
import type { Prediction } from "./whole.ts";

/** Hands progress on with the memory of the run, as it is when it is drawn, beside what loading the whole would take. */
export function withMemory(
  onProgress: ProgressListener | undefined,
  meter: RunMeter,
  prediction: () => Prediction | undefined,
): ProgressListener | undefined {
  if (!onProgress) return undefined;
  const report = () => {
    const predicted = prediction();
    return liveDocument(meter.memory, predicted?.bytes(predicted.rows));
  };
  return (event) => onProgress({ ...event, operation: "chunked", report });
}
