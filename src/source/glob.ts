import { readdir } from "node:fs/promises";
import path from "node:path";

/** Whether a path is a pattern of files. */
export function isGlob(text: string): boolean {
  return /[*?]|\[[^\]]+\]|\{[^}]*,[^}]*\}/.test(text);
}

/** What matches a pattern, sorted. */
export interface Matches {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

type Found = Readonly<Record<keyof Matches, Set<string>>>;

/**
 * The files and folders that match an absolute pattern with `*`, `?`, `[a-z]`, `{a,b}` and `**`. Hidden ones match only a
 * pattern that names the dot.
 */
export async function expandGlob(pattern: string): Promise<Matches> {
  const found: Found = { files: new Set(), folders: new Set() };
  for (const one of expandBraces(pattern)) {
    const { root } = path.parse(one);
    const parts = one.slice(root.length).split(/[\\/]+/);
    await walk(root, parts, found);
  }
  return { files: [...found.files].sort(), folders: [...found.folders].sort() };
}

/** `a{b,c}d` to `abd` and `acd`, also nested. */
function expandBraces(pattern: string): string[] {
  const match = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (!match) return [pattern];
  const [before, after] = [pattern.slice(0, match.index), pattern.slice(match.index + match[0].length)];
  return (match[1] ?? "").split(",").flatMap((choice) => expandBraces(before + choice + after));
}

async function walk(folder: string, parts: readonly string[], found: Found): Promise<void> {
  const [part = "", ...rest] = parts;
  if (part === "**") {
    await walk(folder, rest.length > 0 ? rest : ["*"], found);
    for (const entry of await entries(folder))
      if (entry.isDirectory() && !entry.name.startsWith(".")) await walk(path.join(folder, entry.name), parts, found);
    return;
  }
  if (!isGlob(part) && rest.length > 0) return walk(path.join(folder, part), rest, found);
  const matches = matcher(part);
  for (const entry of await entries(folder)) {
    if (!matches(entry.name)) continue;
    const full = path.join(folder, entry.name);
    if (rest.length === 0) (entry.isDirectory() ? found.folders : found.files).add(full);
    else if (rest.length > 0 && !entry.isFile()) await walk(full, rest, found);
  }
}

function matcher(part: string): (name: string) => boolean {
  const pieces = part.match(/\[[^\]]+\]|[\s\S]/gu) ?? [];
  const pattern = new RegExp(`^${pieces.map(toRegExp).join("")}$`, "u");
  return (name) => pattern.test(name) && (!name.startsWith(".") || part.startsWith("."));
}

function toRegExp(piece: string): string {
  if (piece === "*") return ".*";
  if (piece === "?") return ".";
  const isClass = piece.startsWith("[") && piece.length > 1;
  if (!isClass) return piece.replace(/[.+^${}()|[\]\\/]/, "\\$&");
  const isNegated = piece.startsWith("[!");
  const inner = piece.slice(isNegated ? 2 : 1, -1).replace(/[\\^[]/g, "\\$&");
  return `[${isNegated ? "^" : ""}${inner}]`;
}

/** A folder that is not there, or not a folder, or not readable, has nothing that matches. */
async function entries(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}
