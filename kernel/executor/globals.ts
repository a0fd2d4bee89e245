import { createRequire } from "node:module";
import { distFile } from "../../src/paths.ts";
import { currentRun } from "./current.ts";
import { clearOutput, display } from "./display.ts";
import { input } from "./input.ts";
import { quietly } from "./quietly.ts";

/** Functions of the library that a cell has without an import. */
const FROM_LIBRARY = ["profile", "chunked", "sparkConfig"] as const;

/** What every cell has without an import. A cell that declares such a name shadows it; one that assigns it replaces it. */
export function defineGlobals(require: NodeJS.Require): void {
  for (const [name, value] of Object.entries({ display, clearOutput, input, require })) define(name, () => value);
  for (const name of FROM_LIBRARY) define(name, () => library()[name]);
  define("signal", () => currentRun()?.signal);
  // For code below the kernel that holds what `finally` cannot free, since stopping a cell skips `finally`.
  define(Symbol.for("outgrow.hold"), () => (dispose: () => unknown) => currentRun()?.hold(dispose) ?? (() => {}));
}

/** The very module that `import "outgrow"` gives, loaded when it is first touched. */
function library(): Readonly<Record<string, unknown>> {
  return quietly(() => createRequire(import.meta.url)(distFile("src/index.js")));
}

function define(name: string | symbol, get: () => unknown): void {
  const set = (value: unknown) =>
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true, enumerable: false });
  Object.defineProperty(globalThis, name, { get, set, configurable: true, enumerable: false });
}
