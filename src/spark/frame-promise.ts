import { inspect } from "node:util";
import { UsageError } from "../errors.ts";
import type { SparkDataFrame } from "./dataframe.ts";
import type { SparkPlan } from "./plan.ts";
import type { SparkQuery } from "./query.ts";

/**
 * The promise of a frame. What asks the server may be asked of it at once, `await spark.sql("SELECT 1").collect()`; what makes another
 * frame needs the frame, and whoever forgets the `await` is told so, in place of "is not a function".
 */
export type FramePromise<Frame extends SparkPlan = SparkDataFrame> = Promise<Frame> &
  Pick<SparkQuery, Exclude<keyof SparkQuery, symbol>>;

/** A frame that nobody has asked the server about. */
export interface UncheckedFrame<Frame> {
  readonly make: () => Frame;
  readonly check: (frame: Frame) => Promise<unknown>;
}

/** What asks the server and gives the frame again. */
const GIVE_FRAMES: ReadonlySet<string> = new Set(["persist", "cache", "unpersist"]);

type Asked = Readonly<Record<string, (...args: unknown[]) => unknown>>;

class Pending<Frame> extends Promise<Frame> {
  /** The frame without waiting; undefined where there is none yet. */
  now: (() => Frame | undefined) | undefined;

  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  /** What a console shows in place of a bare promise. */
  [inspect.custom](): string {
    return "Promise of a SparkDataFrame: await it, or ask it for rows at once: await promise.collect()";
  }
}

export function framePromise<Frame extends SparkPlan>(work: Promise<Frame>): FramePromise<Frame> {
  return asTyped(new Pending((resolve) => resolve(work)));
}

/**
 * The promise of a query, which is checked unless it is asked for its rows before anything was awaited: what the server says of a
 * wrong query comes to the same `await` then, and one question does for two.
 */
export function queryPromise<Frame extends SparkPlan>({ make, check }: UncheckedFrame<Frame>): FramePromise<Frame> {
  let frame: Frame | undefined;
  let isChecked = false;
  const checked = async (): Promise<Frame> => {
    await undefined;
    if (frame) return frame;
    isChecked = true;
    return checkedFrame({ make, check });
  };
  const promise = new Pending<Frame>((resolve) => resolve(checked()));
  promise.now = () => {
    if (!isChecked) frame ??= make();
    return frame;
  };
  return asTyped(promise);
}

export async function checkedFrame<Frame>({ make, check }: UncheckedFrame<Frame>): Promise<Frame> {
  const frame = make();
  await check(frame);
  return frame;
}

/** Says once what frames have: members of the class `Asking` and those above it ask the server, the others make frames. */
export function teachPromises(Frame: { readonly prototype: object }, Asking: { readonly prototype: object }): void {
  let isAsking = false;
  for (let at = Frame.prototype; at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    isAsking ||= at === Asking.prototype;
    for (const [name, { get, value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (name in Pending.prototype) continue;
      const property = get ? { get: refusal(name) } : { value: isAsking ? asking(name, value) : refusal(`${name}()`) };
      Object.defineProperty(Pending.prototype, name, { ...property, configurable: true });
    }
  }
}

function asking(name: string, method: unknown): (...args: unknown[]) => unknown {
  if (Object.prototype.toString.call(method) === "[object AsyncGeneratorFunction]")
    return async function* (this: Pending<Asked>, ...args) {
      yield* (await frameOf(this))[name]?.(...args) as AsyncGenerator;
    };
  const ask = async (promise: Pending<Asked>, args: unknown[]) => (await frameOf(promise))[name]?.(...args);
  if (!GIVE_FRAMES.has(name))
    return async function (this: Pending<Asked>, ...args) {
      return ask(this, args);
    };
  return function (this: Pending<Asked>, ...args) {
    return framePromise(ask(this, args) as Promise<SparkPlan>);
  };
}

/** Its own failure is told by what was asked of it. */
function frameOf<Frame>(promise: Pending<Frame>): Frame | Promise<Frame> {
  promise.catch(() => undefined);
  return promise.now?.() ?? promise;
}

function refusal(what: string): (this: Promise<unknown>) => never {
  return function (this: Promise<unknown>) {
    // Its own failure is not what is to be told now.
    this.catch(() => undefined);
    throw new UsageError("E_SPARK_AWAIT", `${what} is asked of the promise of a frame`, {
      hint: `await it first: (await spark.sql("…")).${what}`,
    });
  };
}

/** `teachPromises` gave the class what the type says. */
function asTyped<Frame extends SparkPlan>(promise: Pending<Frame>): FramePromise<Frame> {
  return promise as unknown as FramePromise<Frame>;
}
