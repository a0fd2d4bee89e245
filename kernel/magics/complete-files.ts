import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

const MOST = 200;

/** Files and folders that continue a typed path. A name that needs quotes gets them; a bare name without an ending gets `./`. */
export function completeFiles(typed: string, cwd: string): readonly { readonly text: string; readonly type: string }[] {
  const quote = /^["']/.exec(typed)?.[0] ?? "";
  const plain = typed.slice(quote.length);
  const slash = plain.lastIndexOf("/") + 1;
  const [folder, prefix] = [plain.slice(0, slash), plain.slice(slash)];
  return entries(folderOf(folder, cwd))
    .filter(({ name }) => name.startsWith(prefix) && (prefix.startsWith(".") || !name.startsWith(".")))
    .sort((a, b) => a.name.localeCompare(b.name))
    .slice(0, MOST)
    .map((entry) => {
      const isFolder = entry.isDirectory();
      return {
        text: written(`${folder}${entry.name}${isFolder ? "/" : ""}`, quote, isFolder),
        type: isFolder ? "folder" : "file",
      };
    });
}

function written(file: string, quote: string, isFolder: boolean): string {
  if (quote !== "") return quote + file + (isFolder ? "" : quote);
  if (/\s/.test(file)) return `"${file}${isFolder ? "" : '"'}`;
  return /[/.*\\]/.test(file) ? file : `./${file}`;
}

/** A path as it is typed, from the folder of the notebook. */
export function folderOf(typed: string, cwd: string): string {
  return path.resolve(cwd, expandHome(typed));
}

function expandHome(typed: string): string {
  return typed.startsWith("~/") ? path.join(homedir(), typed.slice(2)) : typed;
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
