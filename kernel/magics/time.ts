import { UsageError } from "../../src/errors.ts";
import { formatSeconds } from "../../src/units.ts";
import type { MagicContext, MagicDefinition } from "./magic.ts";

export const time: MagicDefinition = {
  name: "time",
  forms: ["%", "%%"],
  summary: "time an expression, or the cell: wall and processor time",
  args: [{ name: "EXPRESSION", required: true, summary: "what to time, TypeScript" }],
  options: {},
  examples: ["%time await load()", "%%time\nfor (const row of rows) parse(row);"],
  body: "session",
  raw: true,
  async run({ args, body, isCell, line }, context) {
    if (isCell && args.EXPRESSION !== undefined)
      throw new UsageError("E_BAD_USE", `%%time times the cell below it, and "${args.EXPRESSION}" stands beside it`, {
        hint: "write the code below the line, or write %time with one percent sign",
        at: { text: line, start: line.length - String(args.EXPRESSION).length, end: line.length },
      });
    if (!body)
      throw new UsageError("E_EMPTY_CELL", `there is nothing to time`, {
        hint: isCell ? "write code below the line, or did you mean %time EXPRESSION?" : "write %time EXPRESSION",
        at: { text: line, start: 0, end: line.length },
      });
    const cpuAt = process.cpuUsage();
    const wallAt = performance.now();
    try {
      const value = await body();
      report(context, cpuAt, wallAt, "");
      await showValue(value, context);
      return value;
    } catch (error) {
      report(context, cpuAt, wallAt, " until the error");
      throw error;
    }
  },
};

function report(context: MagicContext, cpuAt: NodeJS.CpuUsage, wallAt: number, ending: string): void {
  const wall = (performance.now() - wallAt) / 1000;
  const { user, system } = process.cpuUsage(cpuAt);
  const parts = [`user ${formatSeconds(user / 1e6)}`, `system ${formatSeconds(system / 1e6)}`].join(", ");
  context.print(
    `wall ${formatSeconds(wall)} · processor ${formatSeconds((user + system) / 1e6)} (${parts})${ending}\n`,
  );
}

async function showValue(value: unknown, context: MagicContext): Promise<void> {
  if (value === undefined) return;
  const { toBundle } = await import("../../src/render/bundle.ts");
  context.display(toBundle(value).data);
}
