import { Interrupted, OutgrowError, UsageError } from "../src/errors.ts";
import { invokeMagic } from "./magics/invoke.ts";
import type { MagicDefinition } from "./magics/magic.ts";
import { parseWords } from "./magics/parse.ts";
import { magics } from "./magics/registry.ts";
import { createTerminal } from "./magics/terminal.ts";
import { argvWords } from "./magics/words.ts";

/** Options that speak of cells and variables. */
const NOTEBOOK_ONLY: ReadonlySet<string> = new Set(["output", "as", "merge", "concurrency", "checkpoint"]);

/**
 * Runs a magic as a command: the same definition, parser and work, with text on stdout and progress on stderr. Gives the exit code:
 * 0, 1 for a failure, 2 for a fault in the command line, 130 when stopped.
 *
 * @example
 * process.exitCode = await runCommand("profile", ["data/sales.csv"]);
 */
export async function runCommand(name: string, argv: readonly string[]): Promise<number> {
  const controller = new AbortController();
  const stop = (): void => controller.abort(new Interrupted());
  process.once("SIGINT", stop);
  const terminal = createTerminal(controller.signal);
  try {
    const definition = forTerminal(magics.get(name), name);
    const { line, words } = argvWords(`outgrow ${name}`, argv);
    const parsed = parseWords(definition, { text: line, typed: `outgrow ${name}`, words, onlyPaths: true });
    await invokeMagic(definition, { ...parsed, isCell: false, line }, terminal.context);
    terminal.end();
    return 0;
  } catch (error) {
    terminal.end();
    process.stderr.write(failureText(error));
    if (error instanceof Interrupted) return 130;
    return error instanceof UsageError ? 2 : 1;
  } finally {
    process.removeListener("SIGINT", stop);
  }
}

function forTerminal(definition: MagicDefinition | undefined, name: string): MagicDefinition {
  if (!definition)
    throw new UsageError("E_NO_COMMAND", `outgrow has no command "${name}"`, { hint: "outgrow --help lists them" });
  const options = Object.fromEntries(
    Object.entries(definition.options).filter(([option]) => !NOTEBOOK_ONLY.has(option)),
  );
  const examples = definition.examples
    .filter((example) => !example.startsWith("%%"))
    .map((example) => example.replace(/^%/, "outgrow ").replace(/ -o \w+$/, ""));
  return { ...definition, forms: ["%"], options, examples, typedAs: `outgrow ${name}` };
}

/** What happened, where, what to do. The stack is only for what is not one of ours. */
function failureText(error: unknown): string {
  if (!(error instanceof OutgrowError))
    return `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
  const { name, code, message, hint, at } = error;
  const lines = [`${name} [${code}]: ${message}`];
  if (at) lines.push(`  ${at.text}`, `  ${" ".repeat(at.start)}${"^".repeat(Math.max(1, at.end - at.start))}`);
  if (hint) lines.push(hint);
  return `${lines.join("\n")}\n`;
}
