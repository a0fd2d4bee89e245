import { UsageError } from "../../src/errors.ts";
import type { Breakpoint } from "./breakpoints.ts";
import type { DeskClient } from "./desk-client.ts";
import type { CallFrame } from "./inspector.ts";
import { userScopes } from "./stop.ts";
import { countsAt, partsOf } from "./terms.ts";

/** What has come of a breakpoint that was reached. */
export type Meeting =
  | { readonly kind: "stand"; readonly fault?: string }
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "pass" };

/**
 * Tries a breakpoint's terms in the frame that has reached it, where session names are slots and its locals themselves: V8's own conditions know no
 * session. Each costs two questions to the thread. One that cannot be evaluated stands, and says why.
 */
export async function meet(breakpoint: Breakpoint, call: CallFrame, desk: DeskClient): Promise<Meeting> {
  const { condition, hitCondition, logMessage } = breakpoint.terms;
  try {
    if (condition && !(await evaluate("test", condition, call, desk))) return { kind: "pass" };
    breakpoint.hits++;
    if (hitCondition && !countsAt(hitCondition, breakpoint.hits)) return { kind: "pass" };
    if (!logMessage) return { kind: "stand" };
    const said = [];
    for (const { text, isCode } of partsOf(logMessage))
      said.push(isCode ? await evaluate("say", text, call, desk) : text);
    return { kind: "say", text: said.join("") };
  } catch (error) {
    return { kind: "stand", fault: `the breakpoint's own code failed: ${(error as Error).message}` };
  }
}

async function evaluate<Q extends "test" | "say">(question: Q, typed: string, call: CallFrame, desk: DeskClient) {
  const compiled = await desk.expression(typed, userScopes(call));
  if ("fault" in compiled) throw new UsageError("E_EXPRESSION", compiled.fault);
  return desk.evaluate(question, compiled.code, call.callFrameId);
}
