import { ScanControl } from "./control.ts";
import type { Outcome } from "./outcome.ts";
import type { ScanPlan, ThreadContext } from "./scan-thread.ts";

/** Reads so little that the calling thread is not held up. What only threads do otherwise is not loaded before. */
export async function scanHere(
  plan: ScanPlan,
  context: Pick<ThreadContext, "emit" | "nextFile">,
): Promise<Outcome | undefined> {
  const { runFirst } = await import("./scan-thread.ts");
  const control = ScanControl.create(1, plan.pieces.length);
  return runFirst(plan, { ...context, control, thread: 0 }, [])?.outcome;
}
