import path from "node:path";
import { pathToFileURL } from "node:url";
import type { CellHost } from "../cell/host.ts";
import { CellSyntaxError } from "../cell/syntax-error.ts";
import { isAbsent } from "./absent-export.ts";
import { knownRun } from "./current.ts";
import type { Importer } from "./imports.ts";
import { rooms } from "./rooms.ts";
import { type CellRun, endIfStopped } from "./run.ts";

/** What the compiled code of one cell calls, or of a front end's expression beside it: `source` is what was typed. */
export function cellHost(
  run: CellRun,
  source: string,
  importer: Importer,
  { filename, magic, mark }: Pick<CellHost, "magic" | "mark"> & { readonly filename: string },
): CellHost {
  // Few cells ask for it.
  let meta: object | undefined;
  return {
    import: (specifier, options, line, column) =>
      importer.import(String(specifier), options, line === undefined ? undefined : `${filename}:${line}:${column}`),
    pick: (namespace, name, specifier, line, column) => {
      const holder = holderOf(namespace, name);
      if (holder) return holder[name];
      if (!isAbsent(name, specifier, importer.folder)) return undefined;
      // Node's words for the same fault in a file.
      const fault = `The requested module '${specifier}' does not provide an export named '${name}'`;
      throw new CellSyntaxError(fault, source, { line, column });
    },
    get importMeta() {
      meta ??= importMeta(run, importer);
      return meta;
    },
    magic,
    mark,
    constAssign,
    alive,
    babelHelpers: rooms().babelHelpers,
  };
}

function importMeta(run: CellRun, { folder, require }: Importer): object {
  const file = path.join(folder, "notebook.ts");
  return {
    url: pathToFileURL(file).href,
    filename: file,
    dirname: folder,
    resolve: (specifier: string) => pathToFileURL(require.resolve(specifier)).href,
    signal: run.signal,
  };
}

/** CommonJS modules carry their names on the default export, where Node did not find them by itself. */
function holderOf(namespace: unknown, name: string): Record<string, unknown> | undefined {
  const module = namespace as Record<string, unknown>;
  if (name in module) return module;
  const whole = module.default;
  const isHolder = whole !== null && (typeof whole === "object" || typeof whole === "function");
  return isHolder && name in whole ? (whole as Record<string, unknown>) : undefined;
}

function alive(value?: unknown): unknown {
  endIfStopped(knownRun());
  return value;
}

/** V8's own error for the same fault in a script. */
function constAssign(): never {
  throw Reflect.construct(TypeError, ["Assignment to constant variable."]);
}
