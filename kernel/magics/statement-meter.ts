import { cell, type Preview, type PreviewCell } from "../../src/frame/preview.ts";
import { collectGarbage, type MemoryReading, readMemory } from "../../src/memory.ts";
import { formatBytes, formatCount, formatSeconds } from "../../src/units.ts";
import type { MagicInvocation } from "./magic.ts";

type Statements = NonNullable<MagicInvocation["statements"]>;

/** What one statement took, and what it left behind when all garbage was gone: bytes, negative where it freed some. */
interface Share extends MemoryReading {
  readonly seconds: number;
}

const SHOWN = 200;
const TEXT_CHARS = 60;

/** Measures statement by statement: each from the moment it begins until the next one does, awaits included. */
export class StatementMeter {
  readonly #statements: Statements["all"];
  readonly #shares = new Map<number, Share>();
  #running: { readonly index: number; readonly before: MemoryReading; readonly since: number } | undefined;
  #last: MemoryReading | undefined;
  #looks = 0;
  #lookSeconds = 0;

  constructor({ all, onBegin }: Statements) {
    this.#statements = all;
    onBegin((index) => this.#begin(index));
  }

  /** Of the statement that runs, and so of all. */
  end(): void {
    const running = this.#running;
    if (!running) return;
    const seconds = (performance.now() - running.since) / 1000;
    const { before } = running;
    const after = this.#look();
    this.#running = undefined;
    this.#last = after;
    this.#shares.set(running.index, {
      seconds,
      heap: after.heap - before.heap,
      buffers: after.buffers - before.buffers,
      resident: after.resident - before.resident,
    });
  }

  report(): Preview {
    const rows = this.#statements.slice(0, SHOWN).map(({ line, text }, index) => {
      return [cell(String(line)), cell(cut(text)), ...cellsOf(this.#shares.get(index))];
    });
    const more = this.#statements.length - rows.length;
    return {
      caption: `by statement · ${formatCount(this.#shares.size)} of ${formatCount(this.#statements.length)} ran`,
      columns: COLUMNS,
      rows,
      notes: [
        ...(more > 0 ? [`${formatCount(more)} more statements are not shown`] : []),
        "memory is the difference of before and after, all garbage collected: what the statement left, and what ran beside its awaits; imports run first, functions are there before the first statement",
        `${formatCount(this.#looks)} collections took ${formatSeconds(this.#lookSeconds)}, which counts for the cell above and for no statement`,
      ],
    };
  }

  #begin(index: number): void {
    this.end();
    // Nothing of the user's ran since the end of the one before.
    const before = this.#last ?? this.#look();
    this.#running = { index, before, since: performance.now() };
  }

  #look(): MemoryReading {
    const start = performance.now();
    collectGarbage();
    const found = readMemory();
    this.#looks++;
    this.#lookSeconds += (performance.now() - start) / 1000;
    return found;
  }
}

const COLUMNS = [
  { name: "line", align: "right" },
  { name: "statement", align: "left" },
  { name: "seconds", align: "right" },
  { name: "heap", align: "right" },
  { name: "buffers", align: "right" },
  { name: "resident", align: "right" },
] as const;

function cellsOf(share: Share | undefined): readonly PreviewCell[] {
  if (!share) return [cell("did not run"), cell(""), cell(""), cell("")];
  const { seconds, heap, buffers, resident } = share;
  return [cell(formatSeconds(seconds)), ...[heap, buffers, resident].map((bytes) => cell(signed(bytes)))];
}

function signed(bytes: number): string {
  return bytes > 0 ? `+${formatBytes(bytes)}` : formatBytes(bytes);
}

function cut(text: string): string {
  const chars = [...text];
  return chars.length > TEXT_CHARS ? `${chars.slice(0, TEXT_CHARS - 1).join("")}…` : text;
}
