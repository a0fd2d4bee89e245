import { UsageError } from "../../src/errors.ts";

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
    /** The lines of `breakpoints`, from 1. */
    lines(): readonly number[] {
      const value = content.breakpoints ?? [];
      const lines: unknown[] = Array.isArray(value)
        ? value.map((each) => (each as { readonly line?: unknown })?.line)
        : [value];
      if (!lines.every((line): line is number => Number.isInteger(line) && (line as number) > 0))
        throw refuse("breakpoints", "a list of lines, from 1");
      return lines;
    },
  };
}

function refuse(name: string, wanted: string): UsageError {
  return new UsageError("E_BAD_REQUEST", `"${name}" must be ${wanted}`, {
    hint: "send what the Debug Adapter Protocol says for this request",
  });
}
