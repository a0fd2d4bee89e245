import path from "node:path";
import vm from "node:vm";
import { packageRoot } from "../../src/paths.ts";
import { aliasUrl, isBare } from "./aliases.ts";
import { quietly } from "./quietly.ts";
import { cellRequire } from "./require.ts";
import { addCellFrames, BEFORE_FIRST_LINE, stackHere } from "./stack.ts";
import { workingFolder } from "./working-folder.ts";

type Import = (specifier: string, options?: object) => Promise<unknown>;

/** Modules of a cell: the notebook's folder first, then Outgrow's own packages; a failure names the notebook. */
export class Importer {
  readonly folder: string;
  readonly require: NodeJS.Require;
  readonly #fromNotebook: Import;
  readonly #fromKernel: Import;

  constructor(folder: string) {
    this.folder = folder;
    this.require = cellRequire(folder);
    this.#fromNotebook = importFrom(folder);
    this.#fromKernel = importFrom(packageRoot());
  }

  /** What fails in a thread of the loader's, or before a line of a module has run, is told at the line that imports it. */
  async import(specifier: string, options?: object, place?: string): Promise<unknown> {
    const asked = place === undefined ? stackHere() : { stack: `\n    at ${place}` };
    try {
      return await this.#import(specifier, options);
    } catch (error) {
      addCellFrames(error, asked);
      throw error;
    }
  }

  async #import(specifier: string, options?: object): Promise<unknown> {
    const alias = aliasUrl(specifier);
    if (alias !== undefined) return this.#fromNotebook(alias, options);
    if (!isBare(specifier)) {
      // Only files of the user need the hooks: TypeScript, and `outgrow` in what they import.
      if (!/^(node|data):/.test(specifier)) {
        workingFolder();
        (await import("./local-hooks.ts")).watchLocalModules();
      }
      return this.#fromNotebook(specifier, options);
    }
    try {
      return await this.#fromNotebook(specifier, options);
    } catch (first) {
      if (!this.#isAbsent(first)) throw first;
      // The first failure is rethrown, so that the message names the notebook and not this package.
      return this.#fromKernel(specifier, options).catch((second) =>
        Promise.reject(isNotFound(second) ? first : second),
      );
    }
  }

  /** The package itself is absent from the notebook's folder, not something that it imports. */
  #isAbsent(error: unknown): boolean {
    return isNotFound(error) && String((error as Error).message).endsWith(`imported from ${notebookFile(this.folder)}`);
  }
}

/** An `import()` that resolves as code in that folder would. */
function importFrom(folder: string): Import {
  return quietly(() =>
    vm.compileFunction("return import(specifier, options)", ["specifier", "options"], {
      filename: notebookFile(folder),
      lineOffset: BEFORE_FIRST_LINE - 1,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }),
  ) as Import;
}

function notebookFile(folder: string): string {
  return path.join(folder, "notebook.ts");
}

function isNotFound(error: unknown): boolean {
  return (error as { code?: string }).code === "ERR_MODULE_NOT_FOUND";
}
