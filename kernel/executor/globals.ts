import type { SparkSession } from "../../src/spark/session.ts";
import { comms } from "./comms.ts";
import { currentRun } from "./current.ts";
import { clearOutput, display } from "./display.ts";
import { input } from "./input.ts";
import { library } from "./library.ts";
import { operationsOf } from "./operations.ts";
import { confirm, prompt } from "./prompt.ts";
import { widget } from "./widget.ts";

/** Functions of the library that a cell has without an import. */
const FROM_LIBRARY = ["profile", "chunked", "sparkConfig", "F", "Window"] as const;

/** What every cell has without an import. A cell that declares such a name shadows it; one that assigns it replaces it. */
export function defineGlobals(require: NodeJS.Require): void {
  for (const [name, value] of Object.entries({ display, clearOutput, input, prompt, confirm, require, comms, widget }))
    define(name, () => value);
  for (const name of FROM_LIBRARY) define(name, () => library()[name]);
  define("spark", () => sparkSession());
  define("signal", () => currentRun()?.signal);
  // For code below the kernel that holds what `finally` cannot free, since stopping a cell skips `finally`.
  define(Symbol.for("outgrow.hold"), () => (dispose: () => unknown) => currentRun()?.hold(dispose) ?? (() => {}));
  // Every operation on Spark is this cell's: Stop ends it, and its progress is shown, however deep in the code it was asked for.
  define(Symbol.for("outgrow.operation"), () => () => operationsOf(currentRun()));
}

let deferred: SparkSession | undefined;

/** The active session; before there is one, and when it is lost, a session that finds or starts Spark when a query runs, so that plans need no `await`. */
function sparkSession(): SparkSession {
  const { SparkSession: Session } = library() as { readonly SparkSession: typeof SparkSession };
  const active = Session.getActiveSession();
  if (active && !active.isLost) return active;
  // One that has connected is the active session, or was.
  if (!deferred || deferred.isStopped || deferred.label !== undefined)
    deferred = Session.deferred(() => Session.builder.getOrCreate());
  return deferred;
}

function define(name: string | symbol, get: () => unknown): void {
  const set = (value: unknown) =>
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true, enumerable: false });
  Object.defineProperty(globalThis, name, { get, set, configurable: true, enumerable: false });
}
