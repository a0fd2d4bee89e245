import { pathToFileURL } from "node:url";
import { distFile } from "../../src/paths.ts";

/** Names that always mean Outgrow's own files, whatever the notebook's folder holds. */
export const ALIASES: ReadonlyMap<string, string> = new Map([
  ["outgrow", distFile("kernel/library.js")],
  // All is loaded here anyway, and there is one copy of it.
  ["outgrow/scan", distFile("kernel/library.js")],
  // The frames that the library returns are instances of this copy.
  ["danfojs-node", distFile("vendor/danfojs-node.cjs")],
  ["tslab", distFile("kernel/executor/tslab.js")],
]);

export function aliasUrl(specifier: string): string | undefined {
  const file = ALIASES.get(specifier);
  return file === undefined ? undefined : pathToFileURL(file).href;
}

/** A package's name, as against a path or a URL. */
export function isBare(specifier: string): boolean {
  return !/^(\.{0,2}\/|\.{1,2}$|[a-z][a-z+.-]*:)/i.test(specifier);
}
