import { type Span, UsageError } from "../../src/errors.ts";
import type { MagicContext, MagicDefinition, MagicInvocation, OptionDefinition, OptionValues } from "./magic.ts";
import { requireBound } from "./unbound.ts";

/**
 * Runs a parsed magic: shows its help for `-h`, puts its value into the variable of `-o`, and gives errors of the library their caret.
 *
 * @throws what the magic throws
 */
export async function invokeMagic(
  definition: MagicDefinition,
  invocation: MagicInvocation,
  context: MagicContext,
): Promise<unknown> {
  if (invocation.options.help === true) {
    const { helpBundle } = await import("./help.ts");
    context.page(helpBundle(definition));
    return undefined;
  }
  try {
    requireBound(invocation);
    const value = await definition.run(invocation, context);
    if (typeof invocation.options.output === "string") context.variables.set(invocation.options.output, value);
    return value;
  } catch (error) {
    throw withPlace(error, invocation.line);
  }
}

/** The options of an invocation under the types of the magic's own option table, by which the parser made them. */
export function optionsOf<Options extends Readonly<Record<string, OptionDefinition>>>(
  _table: Options,
  { options }: Pick<MagicInvocation, "options">,
): OptionValues<Options> {
  return options as OptionValues<Options>;
}

/** The library does not know the line: what its message quotes first is looked for in it. */
function withPlace(error: unknown, line: string): unknown {
  if (!(error instanceof UsageError) || error.at?.text === line || error.at?.line !== undefined) return error;
  const quoted = error.at ? error.at.text.slice(error.at.start, error.at.end) : /"([^"]+)"/.exec(error.message)?.[1];
  const start = error.at ? placeOf(line, error.at) : quoted ? findWord(line, quoted) : -1;
  if (!quoted || start < 0) return error;
  const details = {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    at: { text: line, start, end: start + quoted.length },
  };
  return new UsageError(error.code, error.message, { ...details, cause: error.cause });
}

/** The word is looked for in the text that it is from: a file may have the name of a column. */
function placeOf(line: string, { text, start, end }: Span): number {
  const from = findWord(line, text);
  return from < 0 ? findWord(line, text.slice(start, end)) : from + start;
}

/** Where `word` stands by itself, not inside of a longer word. */
function findWord(line: string, word: string): number {
  for (let at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1)) {
    const around = `${line[at - 1] ?? " "}${line[at + word.length] ?? " "}`;
    if (!/[\p{L}\p{N}_]/u.test(around)) return at;
  }
  return -1;
}
