import type { Dirent } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import path from "node:path";

/** What an entry of a folder is, also by a link. A link back to a folder that it lies in is neither: it would lead round and round. */
export async function kindOf(entry: Dirent, folder: string): Promise<"files" | "folders" | undefined> {
  if (entry.isDirectory()) return "folders";
  const full = path.join(folder, entry.name);
  if (!entry.isSymbolicLink() || !(await stat(full).catch(() => undefined))?.isDirectory()) return "files";
  const fromTarget = path.relative(await realpath(full), await realpath(folder));
  return fromTarget.startsWith("..") ? "folders" : undefined;
}
