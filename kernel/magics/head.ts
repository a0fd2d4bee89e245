import type { DataFrame } from "../../src/frame/frame.ts";
import { optionsOf } from "./invoke.ts";
import type { MagicDefinition, SourceWord } from "./magic.ts";
import { COMMON, TEXT_OPTIONS } from "./options.ts";
import { sourceOf } from "./source.ts";
import { textOptions } from "./text-options.ts";

const options = { rows: COMMON.rows, ...TEXT_OPTIONS, output: COMMON.output, quiet: COMMON.quiet } as const;

export const head: MagicDefinition = {
  name: "head",
  forms: ["%"],
  summary: "first rows of data, with the types of its columns",
  args: [
    {
      name: "SOURCE",
      required: true,
      complete: "source",
      summary: "a file, folder or pattern, or a variable with a frame or a list of rows",
    },
  ],
  options,
  examples: ["%head data/sales.csv", "%head data/*.parquet -n 3"],
  body: "none",
  async run(invocation, context) {
    const given = optionsOf(options, invocation);
    const count = given.rows ?? options.rows.default;
    const source = await sourceOf(invocation.args.SOURCE as SourceWord, context);
    // One row more than wanted tells whether there are more.
    const { firstRows } = await import("../../src/chunked/first-rows.ts");
    const { cwd, signal } = context;
    const { frame: found, notes } =
      typeof source === "string"
        ? await firstRows(source, count + 1, { cwd, signal, text: textOptions(given) })
        : { frame: source, notes: [] };
    const [rows = 0] = found.shape;
    const frame = rows > count ? (found.head(count) as DataFrame) : found;
    if (!given.quiet) {
      const { toBundle } = await import("../../src/render/bundle.ts");
      const total = typeof source === "string" && rows > count ? "unknown" : rows;
      context.display(toBundle(frame, { rows: count, total, notes }).data);
    }
    return frame;
  },
};
