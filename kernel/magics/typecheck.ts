import type { MagicDefinition } from "./magic.ts";

const MODES = ["off", "warn", "strict"] as const;

const EFFECTS = {
  off: "types are not checked",
  warn: "type errors are shown as warnings, the cell runs",
  strict: "a cell with type errors does not run",
} as const;

export const typecheck: MagicDefinition = {
  name: "typecheck",
  forms: ["%"],
  summary: "how type errors in cells are treated",
  args: [
    {
      name: "MODE",
      required: true,
      choices: MODES,
      summary: "warn at first; strict keeps a cell with type errors from running",
    },
  ],
  options: {},
  examples: ["%typecheck strict", "%typecheck off"],
  body: "none",
  async run({ args }, context) {
    const mode = MODES.find((one) => one === args.MODE) ?? "warn";
    context.setTypecheck(mode);
    context.print(`from the next cell on ${EFFECTS[mode]}\n`);
    return undefined;
  },
};
