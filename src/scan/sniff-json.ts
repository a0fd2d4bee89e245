import { pauses } from "../pauses.ts";
import { type Block, readBlocks } from "../source/blocks.ts";
import type { FileSource } from "../source/source.ts";
import { compileKernel, Kernel } from "./kernel.ts";
import { ScanRefused } from "./refused.ts";
import type { Dialect, OtherKey, ScanColumn, ScanTable } from "./table.ts";
import { declareJson, inferJson } from "./types/json-kinds.ts";
import { type SampledKey, sampleJson } from "./types/json-samples.ts";

/** Lines that the keys and types are found from. */
const MOST_LINES = 2_500;

/** Lines of JSON need nothing of it. */
const DIALECT: Dialect = {
  separator: ",",
  quote: undefined,
  escape: undefined,
  newline: "lf",
  header: false,
  skip: 0,
  encoding: "utf-8",
  decimal: ".",
  nulls: [],
  ragged: "error",
};

/**
 * How JSON Lines are to be read: their keys as columns, in the order in which they first come, with the types that hold all values of
 * samples from all over the files.
 *
 * @throws {ScanRefused} where another engine must read it
 */
export async function sniffJson(source: FileSource, declared: Readonly<Record<string, string>>): Promise<ScanTable> {
  const { label, files, compression, text } = source;
  const { blocks } = await readBlocks({ ...source, text: {} });
  if (!isLines(blocks)) throw new ScanRefused("nested", `${label} is JSON, and not one object a line`);
  if (text.dateFormat !== undefined) throw new ScanRefused("type", `the dates of ${label} have a format of their own`);
  const found = await sampleJson(new Kernel(await compileKernel()), blocks, DIALECT, MOST_LINES);
  refuseNames(found);
  const columns: ScanColumn[] = [];
  const others: OtherKey[] = [];
  const pause = pauses();
  for (const key of found) {
    await pause();
    const column = columnOf(key, Object.hasOwn(declared, key.name) ? declared[key.name] : undefined);
    if ("why" in column) others.push(column);
    else columns.push(column);
  }
  const packed = compression === "gzip" ? compression : undefined;
  return { label, format: "json", compression: packed, files, dialect: DIALECT, columns, others };
}

/** The first line that is not blank is an object of its own. */
function isLines(blocks: readonly Block[]): boolean {
  const line = /^\ufeff?\s*(\{[^\n]*)/.exec(blocks[0]?.text ?? "")?.[1] ?? "";
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** The general engine gives such keys other names or another place. */
function refuseNames(keys: readonly SampledKey[]): void {
  const lower = new Set<string>();
  for (const { name } of keys) {
    if (name.trim() === "" || /^\d+$/.test(name) || lower.has(name.toLowerCase()))
      throw new ScanRefused("nested", `the key "${name}" is no name of a column`);
    lower.add(name.toLowerCase());
  }
  if (keys.length === 0) throw new ScanRefused("nested", "the objects have no keys");
}

function columnOf({ name, values, texts }: SampledKey, declared: string | undefined): ScanColumn | OtherKey {
  if (values === "none") return { name, why: `"${name}" has no value in the samples` };
  if (values === "nested") return { name, why: `"${name}" has objects or lists` };
  if (values === "mixed") return { name, why: `"${name}" has values of several kinds` };
  const type = inferJson(values, texts);
  if (type === undefined) return { name, why: `"${name}" has a type that the scanner has not` };
  if (declared === undefined) return { name, type, isDeclared: false };
  const wanted = declareJson(type, declared);
  return wanted ? { name, type: wanted, isDeclared: true } : { name, why: `"${name}" is to be made ${declared}` };
}
