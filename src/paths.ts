import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { KernelBug } from "./errors.ts";

let found: string | undefined;

/** Outgrow's own package folder. Built files are split into chunks, so that a path beside `import.meta.url` would be wrong. */
export function packageRoot(): string {
  found ??= findRoot(path.dirname(fileURLToPath(import.meta.url)));
  return found;
}

/** A built file by its path below `dist`. */
export function distFile(name: string): string {
  return path.join(packageRoot(), "dist", name);
}

export function packageVersion(): string {
  return readManifest(packageRoot()).version;
}

/** Whether this is a checkout, which keeps what it needs inside of itself, and not an installed package. */
export function isClone(): boolean {
  return existsSync(path.join(packageRoot(), "scripts", "setup.mjs"));
}

function findRoot(from: string): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, "package.json")) && readManifest(folder).name === "outgrow") return folder;
    if (folder === path.dirname(folder)) throw new KernelBug(`no package.json of outgrow above ${from}`);
  }
}

function readManifest(folder: string): { readonly name?: string; readonly version: string } {
  return JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
}
