import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { alternatives } from "./local-modules.ts";
import { rooms } from "./rooms.ts";

/**
 * Whether a name that a module lacks at run time is absent, and not a type, which is written the same way. That is known of the files beside the notebook;
 * the types of packages are the type checker's business.
 */
export function isAbsent(name: string, specifier: string, folder: string): boolean {
  const file = localFile(specifier, folder);
  if (file === undefined) return false;
  if (isTypeScript(file)) return !rooms().mayExport(readFileSync(file, "utf8"), name);
  if (existsSync(file.replace(/\.([cm]?)jsx?$/, ".d.$1ts"))) return false;
  return !DECLARES_TYPES.test(readFileSync(file, "utf8"));
}

/** JavaScript has its types in comments. */
const DECLARES_TYPES = /@(?:typedef|callback|enum)\b/;

function isTypeScript(file: string): boolean {
  return /\.[cm]?tsx?$/.test(file);
}

function localFile(specifier: string, folder: string): string | undefined {
  if (!/^(?:\.{0,2}\/|file:)/.test(specifier)) return undefined;
  const plain = specifier.replace(/[?#].*$/, "");
  const names = [plain, ...alternatives(plain, undefined).map((other) => other.specifier)];
  return names
    .map((name) => (name.startsWith("file:") ? fileURLToPath(name) : path.resolve(folder, name)))
    .find((file) => /\.[cm]?[jt]sx?$/.test(file) && statSync(file, { throwIfNoEntry: false })?.isFile());
}
