import { statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { packageRoot } from "../../src/paths.ts";
import { ALIASES, isBare } from "./aliases.ts";
import { quietly } from "./quietly.ts";

/** `require` of a cell: from the notebook's folder, then from Outgrow's own packages. */
export function cellRequire(folder: string): NodeJS.Require {
  const fromNotebook = createRequire(path.join(folder, "notebook.ts"));
  const fromKernel = createRequire(path.join(packageRoot(), "package.json"));
  const edited = new EditedFiles(fromNotebook);

  const load = (id: string): unknown => {
    const alias = ALIASES.get(id);
    // Node warns that an ES module is required; the alias is ours, so that warning is too.
    if (alias !== undefined) return quietly(() => fromKernel(alias));
    if (!isBare(id)) return edited.load(id);
    return firstFound(id, fromNotebook, fromKernel);
  };
  const resolve = (id: string, options?: NodeJS.RequireResolveOptions): string =>
    ALIASES.get(id) ?? firstFound(id, (name) => fromNotebook.resolve(name, options), fromKernel.resolve);
  return Object.assign(load, fromNotebook, { resolve: Object.assign(resolve, { paths: fromNotebook.resolve.paths }) });
}

function firstFound<T>(id: string, first: (id: string) => T, second: (id: string) => T): T {
  try {
    return first(id);
  } catch (error) {
    if (!isBare(id) || !isAbsent(error, id)) throw error;
    try {
      return second(id);
    } catch (other) {
      throw isAbsent(other, id) ? error : other;
    }
  }
}

function isAbsent(error: unknown, id: string): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === "MODULE_NOT_FOUND" && String(message).startsWith(`Cannot find module '${id}'`);
}

/** CommonJS files that were edited since they were loaded are loaded again, with what stands above them. */
class EditedFiles {
  readonly #require: NodeJS.Require;
  readonly #times = new Map<string, number>();

  constructor(require: NodeJS.Require) {
    this.#require = require;
  }

  load(id: string): unknown {
    const file = this.#require.resolve(id);
    this.#forgetStale(file, new Set());
    const value = this.#require(file);
    this.#remember(file);
    return value;
  }

  /** Whether the file or something below it has changed; all on the way are then dropped from Node's cache. */
  #forgetStale(file: string, seen: Set<string>): boolean {
    const module = this.#require.cache[file];
    if (!module || seen.has(file) || isPackaged(file)) return false;
    seen.add(file);
    // JSON that was imported stands in the cache without any.
    const below = (module.children ?? []).map(({ filename }) => this.#forgetStale(filename, seen)).includes(true);
    const stale = below || this.#times.get(file) !== changedAt(file);
    if (stale) delete this.#require.cache[file];
    return stale;
  }

  #remember(file: string, seen = new Set<string>()): void {
    const module = this.#require.cache[file];
    if (!module || seen.has(file) || isPackaged(file)) return;
    seen.add(file);
    this.#times.set(file, changedAt(file));
    for (const { filename } of module.children ?? []) this.#remember(filename, seen);
  }
}

function isPackaged(file: string): boolean {
  return file.includes(`${path.sep}node_modules${path.sep}`);
}

function changedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
