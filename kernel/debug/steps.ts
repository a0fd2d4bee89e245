import { type CallFrame, keyOf } from "./inspector.ts";
import { type Frame, isSameFunction, isWholeCell } from "./stack.ts";

export type StepKind = "next" | "stepIn" | "stepOut";

/** What to do where V8 has stopped in the course of a step. */
export type Verdict = "stop" | "again" | "in" | "out" | "run";

/** A step over one line as typed is several of V8's. */
export class Step {
  readonly kind: StepKind;
  readonly #from: Frame;
  readonly #calls: readonly CallFrame[];
  /** Where V8 has been on the line: coming by a second time is the next turn of a loop. */
  readonly #seen = new Set<string>();
  #hidden = 0;

  constructor(kind: StepKind, frames: readonly Frame[]) {
    this.kind = kind;
    const user = frames.find(({ script }) => script) as Frame;
    this.#from = user;
    this.#calls = frames.map(({ call }) => call);
    this.#seen.add(keyOf(user.call.location));
  }

  judge(frames: readonly Frame[]): Verdict {
    const [top] = frames;
    if (!top?.script) return this.#leave(frames);
    if (!top.place) return "again";
    return this.#isOnLine(top) && !this.#isBack(top, frames) ? "again" : "stop";
  }

  /**
   * V8 hides what it is told to, but not Node's own inside, as the hooks that run where an asynchronous function ends. Out of what the user's
   * code has called; else on until some of the user's runs, which is what awaits. At the end of a cell nothing does.
   */
  #leave(frames: readonly Frame[]): Verdict {
    if (++this.#hidden > MOST_HIDDEN) return "run";
    if (frames.some(({ script }) => script)) return "out";
    return this.kind !== "stepIn" && isWholeCell(this.#from.call) ? "run" : "in";
  }

  #isOnLine({ call, script, place }: Frame): boolean {
    if (this.kind === "stepOut") return false;
    return (
      script === this.#from.script && isSameFunction(call, this.#from.call) && place?.[0] === this.#from.place?.[0]
    );
  }

  /** In a turn of a loop, or in the same function below, which had called itself. */
  #isBack({ call }: Frame, frames: readonly Frame[]): boolean {
    const key = keyOf(call.location);
    const isSeen = this.#seen.has(key);
    this.#seen.add(key);
    const count = (calls: readonly CallFrame[]) => calls.filter((each) => isSameFunction(each, call)).length;
    return isSeen || count(frames.map((each) => each.call)) < count(this.#calls);
  }
}

/** Places that are passed before a step ends nowhere. */
const MOST_HIDDEN = 200;
