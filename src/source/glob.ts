import { readdir } from "node:fs/promises";
import path from "node:path";
import { UsageError } from "../errors.ts";
import { kindOf } from "./entry-kind.ts";

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
 * The files and folders below a folder that match a pattern with `*`, `?`, `[a-z]`, `{a,b}` and `**`. Hidden ones, and what a writer leaves beside its files,
 * such as `_SUCCESS` and `_temporary`, match only a pattern that begins as they do; `**` follows no links.
 *
 * @throws {UsageError} E_NO_FILE
 */
export async function expandGlob(start: string, pattern: string): Promise<Matches> {
  const found: Found = { files: new Set(), folders: new Set() };
  for (const one of expandBraces(pattern)) await walk(start, one.split(/[\\/]+/), found);
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
      if (entry.isDirectory() && !isAside(entry.name)) await walk(path.join(folder, entry.name), parts, found);
    return;
  }
  if (!isGlob(part) && rest.length > 0) return walk(path.join(folder, part), rest, found);
  const matches = matcher(part);
  for (const entry of await entries(folder)) {
    if (!matches(entry.name)) continue;
    const full = path.join(folder, entry.name);
    const kind = await kindOf(entry, folder);
    if (kind && rest.length === 0) found[kind].add(full);
    else if (kind === "folders") await walk(full, rest, found);
  }
}

function matcher(part: string): (name: string) => boolean {
  const pieces = part.match(/\[[^\]]+\]|[\s\S]/gu) ?? [];
  const pattern = new RegExp(`^${pieces.map(toRegExp).join("")}$`, "u");
  return (name) => pattern.test(name) && (!isAside(name) || part.startsWith(name.slice(0, 1)));
}

function isAside(name: string): boolean {
  return /^(\.|_[^.=]*$)/.test(name);
}

function toRegExp(piece: string): string {
  if (piece === "*") return ".*";
  if (piece === "?") return ".";
  const isClass = piece.startsWith("[") && piece.length > 1;
  if (!isClass) return piece.replace(/[.+^${}()|[\]\\/]/, "\\$&");
  const isNegated = piece.startsWith("[!");
  const inner = piece.slice(isNegated ? 2 : 1, -1).replace(/[\\^[]/g, "\\$&");
  for (const [, from = "", to = ""] of inner.matchAll(/([^\\])-([^\\])/gu))
    if (from > to)
      throw new UsageError("E_NO_FILE", `the range ${from}-${to} in "${piece}" goes backwards`, {
        hint: `write it as ${to}-${from}`,
      });
  return `[${isNegated ? "^" : ""}${inner}]`;
}

/** A folder that is not there, or not a folder, or not readable, has nothing that matches. */
async function entries(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}
