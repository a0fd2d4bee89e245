import { existsSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { ProjectFiles } from "./project.ts";

/** Would an import of this run, whatever its types are? From the notebook's folder, else from Outgrow's own packages. */
export function canResolve(files: ProjectFiles, specifier: string): boolean {
  if (specifier.startsWith("file:")) return existsSync(fileURLToPath(specifier));
  if (isBuiltin(specifier) || /^[a-z]{2,}:/i.test(specifier) || OWN.has(specifier)) return true;
  if (/^\.{0,2}\//.test(specifier) || path.isAbsolute(specifier))
    return existsSync(path.resolve(files.folder, specifier.replace(/[?#].*$/, "")));
  const name = packageName(specifier);
  return isInstalled(files.folder, name) || isInstalled(files.packageRoot, name);
}

/** These always come from Outgrow. */
const OWN: ReadonlySet<string> = new Set(["outgrow", "outgrow/scan", "danfojs-node", "tslab"]);

/** `@scope/name` of `@scope/name/sub/file.js`. */
export function packageName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function isInstalled(from: string, name: string): boolean {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, "node_modules", name))) return true;
    if (folder === path.dirname(folder)) return false;
  }
}
