import { UsageError } from "../../src/errors.ts";
import { cell, type Preview } from "../../src/frame/preview.ts";
import { MemoryMeter, peakResident, readMemory } from "../../src/memory.ts";
import { formatBytes, formatSeconds } from "../../src/units.ts";
import { HELD_COLUMNS, heldVariables } from "./held-variables.ts";
import { optionsOf } from "./invoke.ts";
import type { MagicContext, MagicDefinition, OptionDefinition } from "./magic.ts";
import { COMMON } from "./options.ts";
import { StatementMeter } from "./statement-meter.ts";

const options = {
  rows: COMMON.rows,
  "by-statement": {
    kind: "flag",
    summary:
      "also what each top-level statement takes and leaves in memory; collects all garbage around each, which takes longer the larger the heap is",
  },
} as const satisfies Readonly<Record<string, OptionDefinition>>;

/** `%%profile` is another magic than `%profile`: that one looks at data, this one at the cell. */
export const profileCell: MagicDefinition = {
  name: "profile",
  forms: ["%%"],
  summary: "run the cell: time, peak memory, what each variable holds",
  args: [],
  options,
  examples: ["%%profile\nconst rows = await load();", "%%profile --by-statement\nconst rows = await load();"],
  body: "session",
  marksStatements: (given) => given["by-statement"] === true,
  async run(invocation, context) {
    const { body, line, statements } = invocation;
    if (!body)
      throw new UsageError("E_EMPTY_CELL", "there is nothing to profile", {
        hint: "write code below the line, or %profile SOURCE to look at data",
        at: { text: line, start: 0, end: line.length },
      });
    const most = optionsOf(options, invocation).rows ?? options.rows.default;
    const byStatement = statements && new StatementMeter(statements);
    using meter = new MemoryMeter();
    const before = new Map(context.variables.names().map((name) => [name, context.variables.get(name)]));
    const start = { memory: readMemory(), peak: peakResident(), cpu: process.cpuUsage(), wall: performance.now() };
    let isWhole = false;
    try {
      const value = await body();
      isWhole = true;
      if (value !== undefined) context.display((await import("../../src/render/bundle.ts")).toBundle(value).data);
      return value;
    } finally {
      byStatement?.end();
      const { user, system } = process.cpuUsage(start.cpu);
      const now = peakResident();
      const figures: Figures = {
        wall: (performance.now() - start.wall) / 1000,
        processor: (user + system) / 1e6,
        // The system's own mark misses nothing; where an earlier cell went higher, samples have to do.
        peak: now > start.peak ? now : meter.peak.resident,
        isSampled: now <= start.peak,
        start: start.memory,
        end: readMemory(),
        isWhole,
      };
      const blocks = [reportOf(figures, before, context, most), ...(byStatement ? [byStatement.report()] : [])];
      context.show({ blocks: blocks.map((preview) => ({ kind: "table", preview })) });
    }
  },
};

interface Figures {
  readonly wall: number;
  readonly processor: number;
  readonly peak: number;
  readonly isSampled: boolean;
  readonly start: ReturnType<typeof readMemory>;
  readonly end: ReturnType<typeof readMemory>;
  readonly isWhole: boolean;
}

function reportOf(
  figures: Figures,
  before: ReadonlyMap<string, unknown>,
  { variables }: MagicContext,
  most: number,
): Preview {
  const held = heldVariables(variables, most);
  const rows = held.rows.map(({ name, value, cells }) => {
    const change = before.has(name) ? (before.get(name) === value ? "" : "changed") : "new";
    return [...cells, cell(change)];
  });
  return { ...TABLE, caption: captionOf(figures), rows, notes: [...notesOf(figures), ...held.notes] };
}

const TABLE = {
  columns: [...HELD_COLUMNS, { name: "", align: "left" }],
  rowHeader: true,
} as const;

function captionOf({ wall, processor, peak, start, isWhole }: Figures): string {
  const above = formatBytes(Math.max(0, peak - start.resident));
  const ending = isWhole ? "" : " · until the error";
  return `wall ${formatSeconds(wall)} · processor ${formatSeconds(processor)} · peak ${formatBytes(peak)}, ${above} above the start${ending}`;
}

function notesOf({ start, end, isSampled }: Figures): string[] {
  const change = (name: string, from: number, to: number) =>
    `${name} ${formatBytes(from)} before, ${formatBytes(to)} after`;
  return [
    `${change("heap", start.heap, end.heap)}; ${change("buffers", start.buffers, end.buffers)}`,
    ...(isSampled
      ? ["an earlier cell had a higher peak: this one's is the highest of samples, which code without awaits may miss"]
      : []),
  ];
}
