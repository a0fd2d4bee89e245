import { createRequire } from "node:module";
import { distFile } from "../../src/paths.ts";
import { quietly } from "./quietly.ts";

/** The very module that `import "outgrow"` gives, loaded when it is first touched. */
export function library(): Readonly<Record<string, unknown>> {
  return quietly(() => createRequire(import.meta.url)(distFile("kernel/library.js")));
}
