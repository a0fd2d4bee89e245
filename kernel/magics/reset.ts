import { UsageError } from "../../src/errors.ts";
import { countOf } from "../../src/units.ts";
import { optionsOf } from "./invoke.ts";
import type { MagicDefinition } from "./magic.ts";
import { COMMON } from "./options.ts";

const options = { force: COMMON.force };

export const reset: MagicDefinition = {
  name: "reset",
  forms: ["%"],
  summary: "forget every variable",
  args: [],
  options,
  examples: ["%reset -f"],
  body: "none",
  async run(invocation, context) {
    const names = context.variables.names();
    if (!optionsOf(options, invocation).force && names.length > 0)
      throw new UsageError(
        "E_NEEDS_FORCE",
        `this would lose ${countOf(names.length, "variable")}: ${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}`,
        {
          hint: "write %reset -f to do it",
          at: { text: invocation.line, start: 0, end: invocation.line.length },
        },
      );
    for (const name of names) context.variables.remove(name);
    context.print(`${countOf(names.length, "variable")} forgotten\n`);
    return undefined;
  },
};
