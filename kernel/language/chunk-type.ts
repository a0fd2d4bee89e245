import type { MagicCall } from "../cell/magic-call.ts";
import { optionValue, wordsOf } from "./magic-options.ts";
import { FRAME, quoted } from "./virtual-text.ts";

/** Names of the columns of a file, as a cell names it; none where they cannot be read at once. */
export type ColumnsOf = (file: string) => Promise<readonly string[]>;

/** More would make every question slow. */
const MOST_COLUMNS = 1000;
/** Options that make other names of the first line. */
const OTHER_NAMES = /^--(?:sep|header|no-header|encoding|skip-rows)(?:=|$)/;
/** Code that gives the frame columns which its file has not. */
const ADDS_COLUMNS = /\binplace\b|\baddColumn\b|\brename\b|\bsetIndex\b|\.\s*columns\s*=[^=]|\]\s*=[^=]/;

/** The type of a chunk: with the columns of its file, where they can be read before the cell runs; else any frame. */
export async function chunkType(call: MagicCall, body: string, columnsOf: ColumnsOf): Promise<string> {
  const words = wordsOf(call);
  const file = words[0] ?? "";
  if (file === "" || file.startsWith("-") || file.includes("\0") || words.some((word) => OTHER_NAMES.test(word)))
    return FRAME;
  if (ADDS_COLUMNS.test(body)) return FRAME;
  const names = chosen(await columnsOf(file).catch(() => []), optionValue(call, "--usecols"));
  if (names.length === 0 || names.length > MOST_COLUMNS) return FRAME;
  return `import(${quoted("outgrow")}).ChunkFrame<${names.map(quoted).join(" | ")}>`;
}

function chosen(names: readonly string[], usecols: string | undefined): readonly string[] {
  // What has no name, or not one of its own, gets another when it is read.
  if (names.includes("") || new Set(names).size < names.length) return [];
  if (usecols === undefined) return names;
  const used = usecols.split(",");
  return used.every((name) => names.includes(name)) ? used : [];
}
