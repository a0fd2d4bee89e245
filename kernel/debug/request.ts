import { UsageError } from "../../src/errors.ts";
import type { Terms } from "./terms.ts";

/** A breakpoint as a front end asks for it. */
export interface WantedBreakpoint extends Terms {
  readonly line: number;
}

/** Reads a request's arguments. Each reader throws a UsageError E_BAD_REQUEST for what is not of its kind. */
export function readRequest(found: unknown) {
  const content = (typeof found === "object" && found !== null ? found : {}) as Readonly<Record<string, unknown>>;
  return {
    text(name: string): string {
      const value = content[name];
      if (typeof value !== "string") throw refuse(name, "a text");
      return value;
    },
    optional(name: string): unknown {
      return content[name];
    },
    texts(name: string): readonly string[] {
      const value = content[name] ?? [];
      if (!Array.isArray(value) || !value.every((each) => typeof each === "string"))
        throw refuse(name, "a list of texts");
      return value;
    },
    number(name: string): number | undefined {
      const value = content[name] ?? undefined;
      if (value !== undefined && !Number.isInteger(value)) throw refuse(name, "a whole number");
      return value as number | undefined;
    },
    /** The path of `source`. */
    sourcePath(): string {
      const { path } = (content.source ?? {}) as { readonly path?: unknown };
      if (typeof path !== "string") throw refuse("source.path", "a text");
      return path;
    },
    /** `breakpoints`: lines, from 1, and the terms of each. */
    breakpoints(): readonly WantedBreakpoint[] {
      const value = content.breakpoints ?? [];
      if (!Array.isArray(value) || !value.every(isWanted))
        throw refuse("breakpoints", "a list of lines, from 1, with texts for what they depend on");
      return value;
    },
  };
}

function isWanted(found: unknown): found is WantedBreakpoint {
  const { line, condition, hitCondition, logMessage } = (found ?? {}) as Partial<WantedBreakpoint>;
  const areTexts = [condition, hitCondition, logMessage].every((each) => typeof (each ?? "") === "string");
  return Number.isInteger(line) && (line as number) > 0 && areTexts;
}

function refuse(name: string, wanted: string): UsageError {
  return new UsageError("E_BAD_REQUEST", `"${name}" must be ${wanted}`, {
    hint: "send what the Debug Adapter Protocol says for this request",
  });
}
