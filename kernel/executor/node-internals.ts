import { createRequire } from "node:module";
import { KernelBug } from "../../src/errors.ts";
import { quietly } from "./quietly.ts";

interface Internals {
  readonly "internal/test/binding": { internalBinding(name: string): unknown };
  readonly "internal/timers": unknown;
}

/** Parts of Node that a terminated cell leaves in disorder. The flag `--expose-internals` is the one way to them that works in Node 20, 22 and 24. */
export function nodeInternals<Name extends keyof Internals>(name: Name): Internals[Name] {
  try {
    return quietly(() => createRequire(import.meta.url)(name)) as Internals[Name];
  } catch (cause) {
    throw new KernelBug("the executor must be started with --expose-internals", { cause });
  }
}
