import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { distFile, packageRoot } from "../../src/paths.ts";

/** A package with more files of declarations is believed to have any name. */
const MOST_FILES = 3000;

/**
 * Whether a package may declare a type of a name: the name stands somewhere in its declarations, or these hand on those of other packages. One without declarations
 * has no types.
 */
export function mayDeclare(name: string, specifier: string, folder: string): boolean {
  if (specifier === "outgrow") return OWN.some((file) => exports(readFileSync(distFile(file), "utf8"), name));
  const files = declarationsOf(specifier, folder);
  if (files === undefined || files.length > MOST_FILES) return true;
  const wanted = name === "default" ? DEFAULT : new RegExp(`(?<![\\w$])${name.replace(/\W/g, "\\$&")}(?![\\w$])`);
  return files.some((file) => {
    const text = readFileSync(file, "utf8");
    // Of Node's own modules one file declares the two names of the same.
    return wanted.test(text) || (!isBuiltin(specifier) && HANDS_ON.test(text));
  });
}

/** Outgrow's own names stand in these as they are exported; in the files behind them stand many that are not. */
const OWN = ["types/src/index.d.ts", "types/src/scan/index.d.ts"];

function exports(text: string, name: string): boolean {
  const names = [...text.matchAll(/\bexport\s+(?:type\s+)?\{([^}]*)\}/g)].flatMap(([, list = ""]) => list.split(","));
  return names.some((one) => one.trim().split(/\s+/).at(-1) === name);
}

const DEFAULT = /\bexport\s+default\b|\bas\s+default\b|\bexport\s*\{\s*default\b|\bexport\s*=/;
/** `export * from "other"`, and `import other = require("other"); export = other`: their names may be anybody's. */
const HANDS_ON =
  /\bexport\s*\*\s*from\s*["'][^."'/]|\bimport\s+([\w$]+)\s*=\s*require\s*\(\s*["'][^."'/][\s\S]*\bexport\s*=\s*\1\b/;

/** Undefined where nobody can tell. */
function declarationsOf(specifier: string, folder: string): readonly string[] | undefined {
  if (isBuiltin(specifier)) {
    // The type checker has ours, whichever stand beside the notebook.
    const found = [folder, packageRoot()].flatMap((from) => familyIn(from, specifier));
    return found.length === 0 ? undefined : found;
  }
  const [scope = "", name = ""] = specifier.split("/");
  const whole = scope.startsWith("@") ? `${scope}/${name}` : scope;
  const from = [folder, packageRoot()].find((each) => inModules(each, whole));
  if (from === undefined) return undefined;
  const typed = inModules(from, path.join("@types", whole.replace(/^@/, "").replace("/", "__")));
  return [inModules(from, whole), typed].flatMap((each) => (each ? declarationsIn(each) : []));
}

/** In the nearest `node_modules` that has it. */
function inModules(folder: string, name: string): string | undefined {
  const found = existing(path.join(folder, "node_modules", name));
  const above = path.dirname(folder);
  return found ?? (above === folder ? undefined : inModules(above, name));
}

function existing(file: string): string | undefined {
  return existsSync(file) ? file : undefined;
}

/** Of `node:path/posix` all of `path`, which it hands on; `inspector` lies in two files. */
function familyIn(folder: string, specifier: string): readonly string[] {
  const types = inModules(folder, path.join("@types", "node"));
  const [family] = specifier.replace(/^node:/, "").split("/");
  if (types === undefined) return [];
  return declarationsIn(types).filter((file) => path.relative(types, file).split(/[./\\]/, 1)[0] === family);
}

/** A package of the user's own workspace may lie there as it is written. */
function declarationsIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.[cm]?tsx?$/.test(name))
    .map((name) => path.join(folder, name));
}
