import { parquetNames } from "../../src/source/parquet-names.ts";
import { folderOf } from "./complete-files.ts";

/**
 * The names of a file's columns as its readers give them, from its beginning or its schema, of JSON the keys in samples from all over it; none where they cannot be read
 * at once.
 */
export async function fileColumns(typed: string, cwd: string): Promise<readonly string[]> {
  const file = folderOf(typed, cwd);
  try {
    if (/\.(csv|tsv|tab|psv|txt)$/i.test(typed)) return await textNames(file);
    if (/\.(parquet|pq)$/i.test(typed)) return unlikeEachOther(await parquetNames(file));
    if (/\.(jsonl|ndjson|json)$/i.test(typed)) return unlikeEachOther(await jsonNames(file));
    if (/\.(arrow|feather|ipc|arrows)$/i.test(typed)) return unlikeEachOther(await arrowNames(file));
  } catch {
    // Whoever runs the line is told what is wrong with the file.
  }
  return [];
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
