import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { cut } from "../../src/query/words.ts";
import { sniffSeparator } from "../../src/source/dialect.ts";

const HEAD_BYTES = 64 * 1024;
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

/** The column names in the first line of a delimited text file; none when it is something else. */
export function headerColumns(typed: string, cwd: string): readonly string[] {
  if (!/\.(csv|tsv|tab|psv|txt)$/i.test(typed)) return [];
  const head = readHead(path.resolve(folderOf("", cwd), expandHome(typed)));
  const line = /^\uFEFF?([^\r\n]+)/.exec(head)?.[1];
  if (line === undefined) return [];
  try {
    return cut(line, sniffSeparator(head)).map(({ text }) => text);
  } catch {
    return [];
  }
}

function written(file: string, quote: string, isFolder: boolean): string {
  if (quote !== "") return quote + file + (isFolder ? "" : quote);
  if (/\s/.test(file)) return `"${file}${isFolder ? "" : '"'}`;
  return /[/.*\\]/.test(file) ? file : `./${file}`;
}

function folderOf(typed: string, cwd: string): string {
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

function readHead(file: string): string {
  let open: number | undefined;
  try {
    open = openSync(file, "r");
    const buffer = Buffer.alloc(HEAD_BYTES);
    return buffer.toString("utf8", 0, readSync(open, buffer));
  } catch {
    return "";
  } finally {
    if (open !== undefined) closeSync(open);
  }
}
