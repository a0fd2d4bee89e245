import type { MagicCall } from "../../../kernel/cell/magic-call.ts";
import { splitCell } from "../../../kernel/cell/split.ts";
import type { MagicDefinition, MagicInvocation } from "../../../kernel/magics/magic.ts";
import { parseMagic } from "../../../kernel/magics/parse.ts";
import { OutgrowError } from "../../../src/errors.ts";

/** Splits a cell that starts with one magic. */
export function callOf(code: string, definition: MagicDefinition): MagicCall {
  const [call] = splitCell(code, new Map([[definition.name, definition]])).magics;
  if (!call) throw new TypeError(`no magic in ${code}`);
  return call;
}

/** Parses a cell's magic; `values` stand for its `${…}` in order. */
export function parse(code: string, definition: MagicDefinition, values: readonly unknown[] = []): MagicInvocation {
  return parseMagic(definition, callOf(code, definition), values);
}

/** The failure of `work`, as code, message, hint and the text under the caret. */
export async function failureOf(
  work: () => unknown,
): Promise<{ code: string; message: string; hint: string | undefined; under: string | undefined }> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof OutgrowError)) throw error;
    const { code, message, hint, at } = error;
    return { code, message, hint, under: at?.text.slice(at.start, at.end) };
  }
  throw new TypeError("nothing failed");
}
