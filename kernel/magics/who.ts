import { cell, type PreviewCell } from "../../src/frame/preview.ts";
import { countOf, formatBytes } from "../../src/units.ts";
import { describeValue } from "./describe-value.ts";
import type { MagicDefinition } from "./magic.ts";

export const who: MagicDefinition = {
  name: "who",
  forms: ["%"],
  summary: "list the variables",
  args: [],
  options: {},
  examples: ["%who"],
  body: "none",
  async run(_invocation, context) {
    const names = context.variables.names();
    context.print(names.length === 0 ? "no variables\n" : `${names.join("  ")}\n`);
    return undefined;
  },
};

export const whos: MagicDefinition = {
  name: "whos",
  forms: ["%"],
  summary: "list the variables with type and size",
  args: [],
  options: {},
  examples: ["%whos"],
  body: "none",
  async run(_invocation, context) {
    const names = context.variables.names();
    const columns = [
      { name: "variable", align: "left" },
      { name: "type", align: "left" },
      { name: "size", align: "left" },
      { name: "memory", align: "right" },
    ] as const;
    const rows = names.map((name): readonly PreviewCell[] => {
      const { type, size, bytes } = describeValue(context.variables.get(name));
      return [cell(name), cell(type), cell(size), cell(bytes === undefined ? "" : formatBytes(bytes))];
    });
    const notes = ["memory is given where it is known without walking through the value"];
    context.show({
      blocks: [
        {
          kind: "table",
          preview: { caption: countOf(names.length, "variable"), columns, rows, rowHeader: true, notes },
        },
      ],
    });
    return undefined;
  },
};
