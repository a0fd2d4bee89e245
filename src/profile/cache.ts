import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { deserialize, serialize } from "node:v8";
import type { FileSource } from "../source/source.ts";
import type { Whole } from "./assemble.ts";
import type { ColumnFacts } from "./facts.ts";

/** What a full pass found out; the verdict is made anew each time, since the machine's free memory changes. */
export interface Kept {
  readonly whole: Whole;
  readonly facts: readonly ColumnFacts[];
}

/** Changes when facts or whole change their meaning. */
const VERSION = 8;
const MOST_KEPT = 64;
const kept = new Map<string, Kept>();

/** Names the content of a source: paths, sizes, times of change, and how its text is read. */
export function keyOf(source: FileSource): string {
  const files = source.files.map(({ path, bytes, mtimeMs }) => [path, bytes, mtimeMs]);
  return createHash("sha256")
    .update(JSON.stringify([VERSION, files, source.format, source.text]))
    .digest("hex");
}

/** What was kept in this process, or in the folder that `OUTGROW_CACHE_DIR` names. */
export async function recall(key: string): Promise<Kept | undefined> {
  const here = kept.get(key);
  if (here) return here;
  const file = fileOf(key);
  if (file === undefined) return undefined;
  try {
    const found = deserialize(await readFile(file)) as Kept;
    remember(key, found);
    return found;
  } catch {
    // Not there, or cut off by a crash: it is made again.
    return undefined;
  }
}

/** Keeps what a pass found out. A folder that cannot be written to costs the next process a pass, nothing else. */
export async function keep(key: string, found: Kept): Promise<void> {
  remember(key, found);
  const file = fileOf(key);
  if (file === undefined) return;
  const own = `${file}.${process.pid}`;
  await mkdir(path.dirname(file), { recursive: true })
    .then(() => writeFile(own, serialize(found)))
    .then(() => rename(own, file))
    .catch(() => undefined);
}

/** Forgets what this process has kept. */
export function forgetProfiles(): void {
  kept.clear();
}

function remember(key: string, found: Kept): void {
  kept.delete(key);
  kept.set(key, found);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}

function fileOf(key: string): string | undefined {
  const folder = process.env.OUTGROW_CACHE_DIR;
  return folder ? path.join(folder, "profiles", `${key}.bin`) : undefined;
}
