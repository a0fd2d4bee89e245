import { EngineError } from "../../src/errors.ts";
import { DESK_KEY, type DebugDesk } from "../link/debug.ts";
import type { Inspector, InspectorAnswer } from "./inspector.ts";

const DESK = `globalThis[Symbol.for(${JSON.stringify(DESK_KEY)})]`;
/** A thread in native code cannot answer; nobody waits for it longer. One that stands answers, on a busy machine late. */
const ANSWER_MS = 3000;
const STANDING_MS = 30_000;
/** Code that a person wants evaluated may loop. */
const EVALUATE_MS = 2000;

type Question = keyof DebugDesk;
type Answer<Q extends Question> = ReturnType<DebugDesk[Q]>;

/** Asks the thread on which the cells run, whatever it does. Each question throws an EngineError, E_INSPECTOR or E_THREAD_BUSY. */
export class DeskClient {
  /** The thread stands, or waits for its breakpoints. */
  isStanding = false;
  readonly #inspector: Inspector;

  constructor(inspector: Inspector) {
    this.#inspector = inspector;
  }

  ask<Q extends Question>(question: Q, ...parameters: Parameters<DebugDesk[Q]>): Promise<Answer<Q>> {
    const expression = `${DESK}.${question}(${parameters.map((each) => JSON.stringify(each)).join()})`;
    return this.#call("Runtime.evaluate", { expression, disableBreaks: true }) as Promise<Answer<Q>>;
  }

  /** The user's variables in scopes that the inspector knows. */
  scope(ids: readonly string[], self: string | undefined): Promise<Answer<"scope">> {
    return this.#callOn("scope", ids, self === undefined ? [] : [self], "");
  }

  /** What is to be evaluated among these scopes. */
  expression(typed: string, ids: readonly string[]): Promise<Answer<"expression">> {
    return this.#callOn("expression", ids, [], `${JSON.stringify(typed)},`);
  }

  /** After a local was set to what `keep` was given. */
  overwrite(name: string, ids: readonly string[]): Promise<Answer<"overwrite">> {
    return this.#callOn("overwrite", ids, [], `${JSON.stringify(name)},`);
  }

  /** Runs the user's own expression where a frame stands, or outside of all, and hands its value to a question. */
  evaluate<Q extends "keep" | "rich" | "assign" | "put" | "test" | "say">(
    question: Q,
    code: string,
    callFrameId: string | undefined,
    first: readonly (string | number)[] = [],
  ): Promise<Answer<Q>> {
    const expression = `${DESK}.${question}(${first.map((each) => `${JSON.stringify(each)},`).join("")}${code})`;
    const method = callFrameId === undefined ? "Runtime.evaluate" : "Debugger.evaluateOnCallFrame";
    const parameters = { expression, callFrameId, timeout: EVALUATE_MS, disableBreaks: true };
    return this.#call<Answer<Q>>(method, parameters, 2 * EVALUATE_MS).catch((error: EngineError) => {
      if (!/was terminated/.test(error.message)) throw error;
      throw new EngineError("E_TOO_LONG", `the expression was ended after ${EVALUATE_MS / 1000} s`, { cause: error });
    });
  }

  /** Objects that only the inspector can name: some in a list, others behind it. */
  #callOn<A>(question: Question, list: readonly string[], others: readonly string[], first: string): Promise<A> {
    const [objectId, ...rest] = [...list, ...others];
    if (objectId === undefined)
      return this.#call("Runtime.evaluate", { expression: `${DESK}.${question}(${first}[])` });
    const all = "const all=[this,...more];";
    const call = `${DESK}.${question}(${first}all.slice(0,${list.length}),...all.slice(${list.length}))`;
    const functionDeclaration = `function(...more){${all}return ${call}}`;
    const named = { objectId, functionDeclaration, arguments: rest.map((id) => ({ objectId: id })) };
    return this.#call("Runtime.callFunctionOn", named);
  }

  async #call<A>(method: string, parameters: object, withinMs = this.isStanding ? STANDING_MS : ANSWER_MS): Promise<A> {
    const asked = this.#inspector.command(method, { ...parameters, returnByValue: true, silent: true });
    const answer = await within(asked, withinMs);
    const thrown = answer.exceptionDetails;
    if (thrown) throw new EngineError("E_INSPECTOR", textOfThrown(thrown));
    return answer.result?.value as A;
  }
}

/** Of an error its first line, of anything else the value. */
function textOfThrown({ text, exception }: NonNullable<InspectorAnswer["exceptionDetails"]>): string {
  return exception?.description?.split("\n")[0] ?? `${text} ${JSON.stringify(exception?.value) ?? "undefined"}`;
}

async function within(asked: Promise<InspectorAnswer>, ms: number): Promise<InspectorAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const hint = "try again when the native code that it is in has returned";
    const busy = () =>
      reject(new EngineError("E_THREAD_BUSY", "the thread that runs the cells does not answer", { hint }));
    timer = setTimeout(busy, ms);
  });
  asked.catch(() => undefined);
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
