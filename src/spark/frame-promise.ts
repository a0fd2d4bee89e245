import { UsageError } from "../errors.ts";
import type { SparkPlan } from "./plan.ts";

/** The promise of a frame. Whoever forgets its `await` and asks it for what frames have is told so, in place of "is not a function". */
class FramePromise<Frame> extends Promise<Frame> {
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }
}

export function framePromise<Frame extends SparkPlan>(work: Promise<Frame>): Promise<Frame> {
  return new FramePromise((resolve) => resolve(work));
}

/** Says once what frames have. */
export function teachPromises(Frame: { readonly prototype: object }): void {
  for (let at = Frame.prototype; at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (name in FramePromise.prototype) continue;
      const property = get ? { get: refusal(name) } : { value: refusal(`${name}()`) };
      Object.defineProperty(FramePromise.prototype, name, { ...property, configurable: true });
    }
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
