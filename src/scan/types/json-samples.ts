import { pauses } from "../../pauses.ts";
import type { Block } from "../../source/blocks.ts";
import type { Kernel } from "../kernel.ts";
import { ScanRefused } from "../refused.ts";
import { BlockReader } from "../rows/blocks.ts";
import type { FieldTable } from "../rows/field-table.ts";
import type { JsonKey } from "../rows/json-rows.ts";
import { RowFault } from "../rows/row-fault.ts";
import type { Dialect } from "../table.ts";
import { fieldText, NO_QUOTES } from "../values/field-text.ts";
import { sourceOf } from "./samples.ts";

/** A key of sampled lines. */
export interface SampledKey {
  readonly name: string;
  /** What its values are; "none" when all are null, "mixed" when they are of several kinds, with objects or lists "nested". */
  readonly values: NonNullable<JsonKey["values"]> | "none" | "mixed" | "nested";
  /** The different values as they are written, strings without their quotes and escapes. */
  readonly texts: readonly string[];
}

/** As the kernel numbers them. */
const VALUES = ["none", "strings", "numbers", "booleans", "nested"] as const;
/** No kind needs more of a value. */
const MOST_BYTES = 200;
/** A wide line is as good as several. */
const MOST_LETTERS = 1024 * 1024;
const LETTERS_AT_ONCE = 64 * 1024;

/**
 * The keys of sampled lines in the order in which they first come. A line that is no JSON is for the scan to find.
 *
 * @throws {ScanRefused} for what the general engine reads in another way
 */
export async function sampleJson(
  kernel: Kernel,
  blocks: readonly Block[],
  dialect: Dialect,
  most: number,
): Promise<SampledKey[]> {
  const pause = pauses();
  const lines = await sampleLines(blocks, most, pause);
  const names = [...new Set(lines.flatMap(({ keys }) => keys))];
  const seen = names.map(() => ({ values: new Set<SampledKey["values"]>(), texts: new Set<string>() }));
  const keys = names.map((name) => ({ name }));
  const reader = new BlockReader(kernel, dialect, names.length, { keys });
  const onRows = (fields: FieldTable) => {
    const memory = Buffer.from(kernel.bytes.buffer);
    for (const [c, { values, texts }] of seen.entries()) {
      const column = fields.column(c);
      for (let row = 0; row < fields.rows; row++) {
        const kind = VALUES[memory[fields.kinds + row * names.length + c] ?? 0] ?? "none";
        if (kind === "none") continue;
        values.add(kind);
        texts.add(fieldText(memory, column, row, NO_QUOTES, MOST_BYTES));
      }
    }
  };
  try {
    for (const text of textsOf(lines)) {
      const { repeatedKeys } = reader.read(sourceOf(Buffer.from(text)), onRows);
      if (repeatedKeys > 0) throw new ScanRefused("nested", "a key comes twice in one object");
      await pause();
    }
  } catch (failure) {
    if (failure instanceof RowFault) throw new ScanRefused("nested", failure.message);
    throw failure;
  } finally {
    reader.free();
  }
  return names.map((name, i) => ({ name, values: oneOf(seen[i]?.values), texts: [...(seen[i]?.texts ?? [])] }));
}

function oneOf(values: ReadonlySet<SampledKey["values"]> = new Set()): SampledKey["values"] {
  if (values.has("nested")) return "nested";
  const [first = "none", second] = values;
  return second === undefined ? first : "mixed";
}

interface SampledLine {
  readonly line: string;
  readonly keys: readonly string[];
}

/** Some lines together, and one at least. */
function* textsOf(lines: readonly SampledLine[]): Generator<string> {
  let text = "";
  for (const { line } of lines) {
    text += `${line}\n`;
    if (text.length < LETTERS_AT_ONCE) continue;
    yield text;
    text = "";
  }
  if (text !== "") yield text;
}

/** The first lines of each block, as many of each. */
async function sampleLines(
  blocks: readonly Block[],
  most: number,
  pause: () => Promise<void>,
): Promise<readonly SampledLine[]> {
  const each = Math.max(1, Math.ceil(most / Math.max(1, blocks.length)));
  const lines: SampledLine[] = [];
  let letters = 0;
  for (const { text, isStart, isEnd } of blocks) {
    const before = lines.length;
    let at = isStart ? (text.startsWith("\ufeff") ? 1 : 0) : text.indexOf("\n") + 1;
    while (at < text.length && lines.length - before < each && letters < MOST_LETTERS) {
      const end = text.indexOf("\n", at);
      if (end < 0 && !isEnd) break;
      const line = text.slice(at, end < 0 ? undefined : end);
      const keys = keysOf(line);
      if (keys) lines.push({ line, keys });
      letters += line.length;
      at = end < 0 ? text.length : end + 1;
      await pause();
    }
  }
  return lines;
}

function keysOf(line: string): string[] | undefined {
  if (!/^\s*\{/.test(line)) return undefined;
  try {
    return Object.keys(JSON.parse(line) as object);
  } catch {
    return undefined;
  }
}
