import { nodeInternals } from "./node-internals.ts";
import { isA, safely } from "./safely.ts";

interface UtilBinding {
  readonly privateSymbols: { readonly arrow_message_private_symbol: symbol };
}

/**
 * Where a module could not be compiled: `file:///…/index.js:3`, its line, a caret. No frame of the error's says so, for no code of the module
 * ran: Node keeps it beside the error, and shows it only where nobody catches.
 */
export function compilePlace(thrown: unknown): readonly [place: string, excerpt: string] | undefined {
  if (!isA(thrown, SyntaxError)) return undefined;
  const arrow = safely(() => {
    const { privateSymbols } = nodeInternals("internal/test/binding").internalBinding("util") as UtilBinding;
    return (thrown as unknown as Record<symbol, unknown>)[privateSymbols.arrow_message_private_symbol];
  }, undefined);
  if (typeof arrow !== "string") return undefined;
  const [place = "", ...excerpt] = arrow.trimEnd().split("\n");
  return /:\d+$/.test(place) ? [place, excerpt.join("\n")] : undefined;
}
