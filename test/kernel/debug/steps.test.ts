import { describe, expect, test } from "vitest";
import type { CallFrame } from "../../../kernel/debug/inspector.ts";
import type { Frame } from "../../../kernel/debug/stack.ts";
import { Step, type StepKind } from "../../../kernel/debug/steps.ts";

const SCRIPT = { id: "7", url: "cell-1.ts" };

/** A frame of function `name` (line 0 begins the whole cell), standing at `at` of the script, typed at `line`. */
function frame(name: string, at: number, line: number | undefined, column = 1): Frame {
  const functionLocation = { scriptId: "7", lineNumber: name === "" ? 0 : name.charCodeAt(0), columnNumber: 0 };
  const location = { scriptId: "7", lineNumber: at, columnNumber: column };
  const call: CallFrame = { callFrameId: "", functionName: name, functionLocation, location, scopeChain: [] };
  return { call, script: SCRIPT, place: line === undefined ? undefined : [line, column] };
}

function hidden(name: string): Frame {
  return { ...frame(name, 1, undefined), script: undefined };
}

/** What a step from the first stack says of each of the next ones. */
function judge(kind: StepKind, from: readonly Frame[], ...then: readonly (readonly Frame[])[]): readonly string[] {
  const step = new Step(kind, from);
  return then.map((frames) => step.judge(frames));
}

describe("a step", () => {
  const cell = frame("", 9, 9);

  test("goes on over all of a line, and over what the compiler put in", () => {
    const [a, b] = [frame("f", 2, 2), frame("f", 3, 2, 8)];
    expect(judge("next", [a, cell], [b, cell], [frame("f", 4, undefined), cell], [frame("f", 5, 3), cell])).toEqual([
      "again",
      "again",
      "stop",
    ]);
  });

  test("stops at the next turn of a loop that is one line", () => {
    const [head, body] = [frame("f", 2, 2, 5), frame("f", 2, 2, 20)];
    expect(judge("next", [head], [body], [head])).toEqual(["again", "stop"]);
  });

  test("stops where a function that called itself returns to the same line", () => {
    const inner = frame("f", 2, 2, 5);
    expect(judge("next", [inner, frame("f", 2, 2, 9), cell], [frame("f", 2, 2, 12), cell])).toEqual(["stop"]);
  });

  test("in stops in the function that the line calls; out stops in the caller's line", () => {
    expect(judge("stepIn", [cell], [frame("g", 1, 1), cell])).toEqual(["stop"]);
    expect(judge("stepOut", [frame("g", 1, 1), cell], [frame("", 9, 9, 30)])).toEqual(["stop"]);
  });

  test("leaves code that is not the user's", () => {
    expect(judge("next", [frame("f", 2, 2), cell], [hidden("emit"), cell])).toEqual(["out"]);
    expect(judge("next", [frame("f", 2, 2)], [hidden("promiseAfterHook")])).toEqual(["in"]);
    expect(judge("next", [cell], [hidden("promiseAfterHook")])).toEqual(["run"]);
    expect(judge("stepIn", [cell], [hidden("processTimers")])).toEqual(["in"]);
  });

  test("that leads nowhere ends", () => {
    const nowhere = Array.from({ length: 300 }, () => [hidden("listOnTimeout")]);
    expect(judge("stepIn", [cell], ...nowhere).at(-1)).toBe("run");
  });
});
