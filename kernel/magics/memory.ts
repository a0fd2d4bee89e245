import { UsageError } from "../../src/errors.ts";
import type { Document } from "../../src/frame/preview.ts";
import { peakResident, readMemory } from "../../src/memory.ts";
import { formatBytes, parseBytes } from "../../src/units.ts";
import { HELD_COLUMNS, heldVariables } from "./held-variables.ts";
import { optionsOf } from "./invoke.ts";
import type { MagicContext, MagicDefinition, MagicInvocation } from "./magic.ts";
import { COMMON } from "./options.ts";

const options = { rows: COMMON.rows } as const;

/** Node itself takes half of this. */
const LEAST = 128 * 2 ** 20;

export const memory: MagicDefinition = {
  name: "memory",
  forms: ["%"],
  summary: "memory of this notebook and what holds it; set the limit",
  args: [{ name: "LIMIT", required: false, summary: "as in 4GB: a cell is stopped above it; auto is the default" }],
  options,
  examples: ["%memory", "%memory 4GB", "%memory auto"],
  body: "none",
  async run(invocation, context) {
    if (invocation.args.LIMIT !== undefined) setLimit(invocation, context);
    else context.show(reportOf(context, optionsOf(options, invocation).rows ?? options.rows.default));
    return undefined;
  },
};

function setLimit({ args, line }: MagicInvocation, { memory, print }: MagicContext): void {
  const text = String(args.LIMIT);
  const bytes = text === "auto" ? undefined : parseBytes(text);
  if (bytes !== undefined && bytes < LEAST)
    throw new UsageError("E_BAD_OPTION", `${formatBytes(bytes)} are less than a cell needs to run at all`, {
      hint: `give at least ${formatBytes(LEAST)}, or auto`,
      at: { text: line, start: line.indexOf(text), end: line.indexOf(text) + text.length },
    });
  memory.set(bytes);
  const { resident } = readMemory();
  const above =
    resident > memory.process.bytes ? `; ${formatBytes(resident)} are in use already: drop what is large` : "";
  print(`a cell is stopped above ${formatBytes(memory.process.bytes)}, ${ORIGINS[memory.process.from]}${above}\n`);
}

const ORIGINS = {
  set: "as set here",
  container: "four fifths of what this container may take",
  machine: "four fifths of this machine's memory",
} as const;

function reportOf({ variables, memory }: MagicContext, most: number): Document {
  const held = heldVariables(variables, most);
  const rows = held.rows.map(({ cells }) => cells);
  const { resident, heap, buffers } = readMemory();
  const { process, heap: heapLimit } = memory;
  const caption = `${formatBytes(resident)} in use, at most ${formatBytes(peakResident())} so far; a cell is stopped above ${formatBytes(process.bytes)}`;
  const notes = [
    `the limit is ${ORIGINS[process.from]}; %memory 4GB sets another`,
    `JavaScript heap ${formatBytes(heap)} of ${formatBytes(heapLimit)}, at which a cell is stopped too; NODE_OPTIONS=--max-old-space-size=8192 in the kernel's environment raises it`,
    `buffers outside of it ${formatBytes(buffers)}`,
    ...held.notes,
  ];
  return { blocks: [{ kind: "table", preview: { caption, columns: HELD_COLUMNS, rows, rowHeader: true, notes } }] };
}
