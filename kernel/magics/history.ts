import { optionsOf } from "./invoke.ts";
import type { MagicDefinition } from "./magic.ts";
import { COMMON } from "./options.ts";

const options = { rows: COMMON.rows } as const;

export const history: MagicDefinition = {
  name: "history",
  forms: ["%"],
  summary: "show what was run before, also in earlier sessions",
  args: [{ name: "PATTERN", required: false, summary: "a text that they hold, or a pattern with * and ?" }],
  options,
  examples: ["%history", "%history -n 50", '%history "*groupby*"'],
  body: "none",
  async run(invocation, context) {
    const { PATTERN: word } = invocation.args;
    const text = word === undefined ? undefined : String(word);
    const pattern = text === undefined || /[*?]/.test(text) ? text : `*${text}*`;
    const n = optionsOf(options, invocation).rows ?? options.rows.default;
    const found = await context.history({ n, pattern });
    if (found.length === 0) context.print("nothing was run before that matches\n");
    for (const { session, line, input } of found)
      context.print(`${session}/${line}: ${input.replaceAll("\n", "\n    ")}\n`);
    return undefined;
  },
};
