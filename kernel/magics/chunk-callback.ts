import type { CallbackOptions, ChunkCallback } from "../../src/chunked/chunked.ts";
import { nearest, UsageError } from "../../src/errors.ts";
import type { MagicContext, MagicInvocation } from "./magic.ts";
import { nameOfType } from "./read-value.ts";

/** The cell as a function of one chunk; where its value is a function, as in `(chunk) => chunk.shape`, that is the one. With `-o` a first chunk without a value is a slip, told before the rest is read. */
export function chunkCallback({ body, line }: MagicInvocation, output: string | undefined): ChunkCallback {
  if (!body)
    throw new UsageError("E_EMPTY_CELL", "there is no code to run for each chunk", {
      hint: "write it below the %%chunked line",
      at: { text: line, start: 0, end: line.length },
    });
  return async (chunk, info) => {
    const given: unknown = await body(chunk);
    const value = typeof given === "function" ? await given(chunk, info) : given;
    if (info.index > 0 || value !== undefined || output === undefined) return value;
    throw new UsageError("E_NO_VALUE", `the cell gives no value for -o ${output}`, {
      hint: "end it with an expression or a return, or leave -o out",
    });
  };
}

/** `auto`, `concat`, a function, or the name of a variable that holds one. */
export function mergeOf(given: unknown, { variables }: Pick<MagicContext, "variables">): CallbackOptions["merge"] {
  if (given === undefined || given === "auto" || given === "concat") return given;
  const merge = typeof given === "string" ? variables.get(given) : given;
  if (typeof merge === "function") return merge as (values: unknown[]) => unknown;
  if (typeof given !== "string" || variables.has(given))
    throw new UsageError("E_BAD_VALUE", `--merge takes a function, and this is ${nameOfType(merge)}`, {
      hint: "write auto, concat, or a function that takes the list of values",
    });
  const near = nearest(given, ["auto", "concat", ...variables.names()], 1)[0];
  throw new UsageError("E_NO_VARIABLE", `no variable "${given}" to merge with`, {
    hint: near ? `did you mean ${near}?` : "write auto, concat, or the name of a function",
  });
}
