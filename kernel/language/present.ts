import { blankSplit, hashbangAsComment } from "../cell/blank.ts";
import { findMagic, type MagicCall, type MagicTable } from "../cell/magic-call.ts";
import { tooDeepAt } from "../cell/nesting.ts";
import { type SplitCell, splitCell } from "../cell/split.ts";
import { type ColumnsOf, chunkType } from "./chunk-type.ts";
import { applyEdits, type Edit } from "./edits.ts";
import { optionValue } from "./magic-options.ts";
import { FRAME, FREE, quoted } from "./virtual-text.ts";

/** A cell as the type checker sees it. */
export interface PresentedCell {
  /** As typed. */
  readonly source: string;
  /** TypeScript; blank when the cell has none. */
  readonly text: string;
  /** From `source` to `text`. Blanks keep the place of what they stand for, so these are insertions only. */
  readonly edits: readonly Edit[];
}

export type Present = (source: string) => Promise<PresentedCell>;

/**
 * Magic lines become blanks, `-o NAME` a declaration, the body of a function magic (`%%chunked`) the body of an async
 * function over its parameter, and a body that is not TypeScript nothing. The table is loaded for the first magic.
 */
export function presenter(loadMagics: () => Promise<MagicTable>, columnsOf: ColumnsOf = async () => []): Present {
  return async (source) => {
    // Running it says so; the service would take minutes over it.
    if (tooDeepAt(source) !== undefined) return { source, text: "", edits: [] };
    if (!MAY_HAVE_MAGIC.test(source)) return { source, text: hashbangAsComment(source), edits: [] };
    const table = await loadMagics();
    try {
      return await present(splitCell(source, table), table, columnsOf);
    } catch {
      // A malformed magic: running the cell says what is wrong with it.
      return { source, text: "", edits: [] };
    }
  };
}

/** A line that starts like a magic or a shell command, or a line that ends or starts with a question mark. */
const MAY_HAVE_MAGIC = /^(?:[%!?]|.*\?\s*;?\s*$)/m;

async function present(cell: SplitCell, table: MagicTable, columnsOf: ColumnsOf): Promise<PresentedCell> {
  const { source, magics, bodyStart } = cell;
  let text = blankSplit(cell, table);
  const edits: Edit[] = [];
  for (const call of magics) {
    const body = findMagic(table, call.sign, call.name)?.body ?? "none";
    const output = optionValue(call, "-o", "--output");
    if (output !== undefined && IDENTIFIER.test(output))
      edits.push({ start: call.start, end: call.start, text: `var ${output} = ${outputValue(call)}; ` });
    if (call.sign === "%%" && body === "function") {
      const frame = await chunkType(call, source.slice(bodyStart), columnsOf);
      edits.push(...functionAround(bodyStart, source.length, call, frame));
    }
    if (call.sign === "%" && body === "session") {
      text = withExpression(text, call);
      edits.push(...asStatement(call, source));
    }
  }
  return { source, text: applyEdits(text, edits), edits };
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** `%time expr`: what stands after the name is code of the session. */
function withExpression(text: string, { line, name, rest, start }: MagicCall): string {
  if (rest === "" || rest.startsWith("-")) return text;
  const from = start + line.indexOf(rest, name.length + 1);
  return text.slice(0, from) + rest + text.slice(from + rest.length);
}

/** Neither the line before goes on in it nor the line after it, as one that starts with a bracket would. */
function asStatement({ start, line }: MagicCall, source: string): readonly Edit[] {
  const next = source.indexOf("\n", start + line.length) + 1;
  return [start, ...(next > 0 ? [next] : [])].map((at) => ({ start: at, end: at, text: ";" }));
}

/** It is called, so that the checker sees that the variables outside may be assigned in it. */
function functionAround(start: number, end: number, call: MagicCall, frame: string): readonly Edit[] {
  const given = optionValue(call, "--as");
  const parameter = given !== undefined && IDENTIFIER.test(given) ? given : "chunk";
  return [
    { start, end: start, text: `await (async (${parameter}: ${frame}) => {` },
    { start: end, end, text: "\n})(null as never);", behind: true },
  ];
}

/** The function that the magic stands for gives the type; what the library lacks is not checked. */
function outputValue({ name, sign }: MagicCall): string {
  if ((name === "chunked" && sign === "%") || name === "spark") return `null as unknown as ${FRAME}`;
  const stands = OUTPUTS[name];
  return stands === undefined
    ? `null as unknown as ${FREE}`
    : `null as unknown as Awaited<ReturnType<typeof import(${quoted("outgrow")}).${stands}>>`;
}

const OUTPUTS: Readonly<Record<string, string>> = { profile: "profile", "spark-config": "sparkConfig" };
