import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { nearest, type Span, UsageError } from "../../src/errors.ts";
import type { DataFrame } from "../../src/frame/frame.ts";
import type { MagicContext, SourceWord } from "./magic.ts";
import { nameOfType } from "./read-value.ts";

/**
 * What a SOURCE word stands for: a path, or the frame in a variable, also of a list of rows. A variable that holds a text is a path too.
 *
 * @throws {UsageError} E_NO_VARIABLE, E_BAD_SOURCE
 */
export async function sourceOf(
  word: SourceWord,
  context: Pick<MagicContext, "cwd" | "variables">,
): Promise<string | DataFrame> {
  if (word.kind === "path") return word.path;
  const value = heldBy(word, context);
  const { frameFromRows, isFrame } = await import("../../src/frame/frame.ts");
  if (typeof value === "string" || isFrame(value)) return value;
  const { isListOfRows } = await import("../../src/frame/plain-rows.ts");
  if (isListOfRows(value)) return frameFromRows(value);
  const name = word.kind === "value" ? "the value" : word.name;
  throw new UsageError("E_BAD_SOURCE", `${name} is ${nameOfType(value)}, not data`, {
    hint: "give a file, a folder, a data frame or a list of rows",
    at: word.at,
  });
}

/**
 * What a SOURCE word stands for where rows of any kind will do: a path, or the value in a variable.
 *
 * @throws {UsageError} E_NO_VARIABLE
 */
export function heldBy(word: SourceWord, context: Pick<MagicContext, "cwd" | "variables">): unknown {
  if (word.kind === "path") return word.path;
  return word.kind === "value" ? word.value : variable(word.name, word.at, context);
}

function variable(name: string, at: Span, { cwd, variables }: Pick<MagicContext, "cwd" | "variables">): unknown {
  if (variables.has(name)) return variables.get(name);
  const file = fileLike(name, cwd);
  const near = nearest(name, variables.names(), 2);
  const hint = file
    ? `a bare word is a variable; for the ${file.endsWith("/") ? "folder write" : "file write"} "${file}"`
    : near.length > 0
      ? `did you mean ${near.join(" or ")}? A file is quoted, or has a . or / in its name`
      : "a bare word is a variable; a file is quoted, or has a . or / in its name";
  throw new UsageError("E_NO_VARIABLE", `no variable "${name}"`, { hint, at });
}

/** A file or folder of that name, or a file that has it before its ending. */
function fileLike(name: string, cwd: string): string | undefined {
  const stats = statSync(path.join(cwd, name), { throwIfNoEntry: false });
  if (stats) return stats.isDirectory() ? `${name}/` : name;
  return entries(cwd).find((entry) => entry.startsWith(`${name}.`));
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
