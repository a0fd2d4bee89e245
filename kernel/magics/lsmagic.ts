import { cell } from "../../src/frame/preview.ts";
import { optionsOf } from "./invoke.ts";
import type { MagicDefinition } from "./magic.ts";
import { COMMON } from "./options.ts";

const options = { json: COMMON.json };

/** The list comes from the registry, which holds this magic too. */
export function lsmagic(all: () => Iterable<MagicDefinition>): MagicDefinition {
  return {
    name: "lsmagic",
    forms: ["%"],
    summary: "list the magics",
    args: [],
    options,
    examples: ["%lsmagic", "%lsmagic --json"],
    body: "none",
    async run(invocation, context) {
      const list = [...all()].map(({ name, forms, summary }) => ({ name, forms, summary }));
      if (optionsOf(options, invocation).json) {
        const { jsonBundle } = await import("./json.ts");
        context.display(jsonBundle(list));
        return undefined;
      }
      const rows = list.map(({ name, forms, summary }) => [
        cell(forms.map((form) => form + name).join(" ")),
        cell(summary),
      ]);
      const columns = [
        { name: "magic", align: "left" },
        { name: "does", align: "left" },
      ] as const;
      const notes = ["%name? or %name --help shows the options of one; !command runs in the shell"];
      context.show({
        blocks: [
          { kind: "table", preview: { caption: `${list.length} magics`, columns, rows, rowHeader: true, notes } },
        ],
      });
      return undefined;
    },
  };
}
