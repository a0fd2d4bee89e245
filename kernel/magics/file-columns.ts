import { isGlob } from "../../src/source/glob.ts";
import { parquetNames } from "../../src/source/parquet-names.ts";
import { folderOf } from "./complete-files.ts";

/** Of more files than that not all are looked into while somebody types. */
const MOST_FILES = 64;

/**
 * The names of the columns of a file, or of all files of a folder or pattern, as readers give them: from a file's beginning or its schema, of JSON the keys in samples
 * from all over it; none where they cannot be read at once.
 */
export async function fileColumns(typed: string, cwd: string): Promise<readonly string[]> {
  try {
    return isGlob(typed) || typed.endsWith("/") ? await namesOfAll(typed, cwd) : await namesIn(folderOf(typed, cwd));
  } catch {
    // Whoever runs the line is told what is wrong with the file.
    return [];
  }
}

async function namesIn(file: string): Promise<readonly string[]> {
  if (TEXT.test(file)) return textNames(file);
  if (PARQUET.test(file)) return unlikeEachOther(await parquetNames(file));
  if (/\.(jsonl|ndjson|json)$/i.test(file)) return unlikeEachOther(await jsonNames(file));
  return /\.(arrow|feather|ipc|arrows)$/i.test(file) ? unlikeEachOther(await arrowNames(file)) : [];
}

const TEXT = /\.(csv|tsv|tab|psv|txt)$/i;
const PARQUET = /\.(parquet|pq)$/i;

/** With what stands in the names of folders. A name that a file has beside these would be taken for a fault: so all are read, or none. */
async function namesOfAll(typed: string, cwd: string): Promise<readonly string[]> {
  const [{ findPaths }, { partitionsOf }] = await Promise.all([
    import("../../src/source/resolve.ts"),
    import("../../src/source/partitions.ts"),
  ]);
  const { paths, root } = await findPaths(typed, cwd);
  if (paths.length > MOST_FILES) return [];
  const inFiles = await Promise.all(paths.map(namesIn));
  if (inFiles.some(({ length }) => length === 0)) return [];
  const folders = partitionsOf(
    paths.map((path) => ({ path, bytes: 0, mtimeMs: 0 })),
    root,
  );
  const names = [...new Set([...inFiles.flat(), ...(folders?.columns ?? []).map(({ name }) => name)])];
  const isJoinedByCase = paths.every((file) => TEXT.test(file) || PARQUET.test(file));
  return isJoinedByCase ? names.filter(isFirstSpelling) : unlikeEachOther(names);
}

function isFirstSpelling(name: string, at: number, names: readonly string[]): boolean {
  return names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) === at;
}

/** A small file is read as a whole, of a large one as much as takes some milliseconds. */
async function jsonNames(file: string): Promise<readonly string[]> {
  const [{ resolveSource }, { readBlocks }, { sampleJson }] = await Promise.all([
    import("../../src/source/resolve.ts"),
    import("../../src/source/blocks.ts"),
    import("../../src/profile/sample-json.ts"),
  ]);
  const source = await resolveSource(file);
  const { objects } = await sampleJson(await readBlocks(source), source.files.length);
  return [...new Set(objects.flatMap((object) => Object.keys(object)))];
}

async function textNames(file: string): Promise<readonly string[]> {
  const [{ resolveSource }, { readBlocks }, { sampleText }] = await Promise.all([
    import("../../src/source/resolve.ts"),
    import("../../src/source/blocks.ts"),
    import("../../src/source/sample-text.ts"),
  ]);
  const source = await resolveSource(file);
  const read = await readBlocks(source, 1);
  return (await sampleText({ ...read, blocks: read.blocks.slice(0, 1) }, source.files.length, source.text)).names;
}

async function arrowNames(file: string): Promise<readonly string[]> {
  const { readArrowSchema } = await import("../../src/frame/read-arrow.ts");
  return (await readArrowSchema(file)).fields.map(({ name }) => name);
}

/** Names that are one but for their case get others when they are read. */
function unlikeEachOther(names: readonly string[]): readonly string[] {
  return new Set(names.map((name) => name.toLowerCase())).size < names.length ? [] : names;
}
