import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { isBare } from "./aliases.ts";
import { alternatives } from "./local-modules.ts";
import { mayDeclare } from "./package-types.ts";
import { rooms } from "./rooms.ts";

/**
 * Whether a name that a module lacks at run time is absent, and not a type, which is written the same way. Files beside the notebook say so themselves,
 * packages by their declarations.
 */
export function isAbsent(name: string, specifier: string, folder: string): boolean {
  if (isBare(specifier) || specifier.startsWith("node:")) return !mayDeclare(name, specifier, folder);
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
