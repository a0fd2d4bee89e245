import * as nodeModule from "node:module";
import { pathToFileURL } from "node:url";
import { distFile } from "../../src/paths.ts";
import { aliasUrl } from "./aliases.ts";
import { alternatives, presentModule, typescriptSource } from "./local-modules.ts";

interface Resolved {
  readonly url: string;
}
interface Context {
  readonly parentURL?: string | undefined;
  readonly conditions?: readonly string[] | undefined;
  readonly importAttributes?: object | undefined;
}
type Next<Result> = (name: string, context: Context) => Result;

/** Present from Node 22.15 on, absent from the types of 20. */
interface SynchronousHooks {
  registerHooks?(hooks: {
    resolve(specifier: string, context: Context, next: Next<Resolved>): Resolved & { shortCircuit?: boolean };
    load(url: string, context: Context, next: Next<object>): object;
  }): void;
}

let watching = false;

/** From now on local TypeScript files can be imported, and an edited file is loaded anew. Costs a thread on Node 20, so only when used. */
export function watchLocalModules(): void {
  if (watching) return;
  watching = true;
  process.setSourceMapsEnabled(true);
  const { registerHooks } = nodeModule as SynchronousHooks;
  if (registerHooks) registerHooks({ resolve, load });
  else nodeModule.register(pathToFileURL(distFile("kernel/executor/hooks.js")));
}

function resolve(specifier: string, context: Context, next: Next<Resolved>): Resolved & { shortCircuit?: boolean } {
  const alias = aliasUrl(specifier);
  if (alias !== undefined) return { url: alias, shortCircuit: true };
  const found = find(specifier, context, next);
  // These hooks see `require` too, whose cache knows files and no editions.
  if (context.conditions?.includes("require")) return found;
  return presentModule(found, context);
}

function load(url: string, context: Context, next: Next<object>): object {
  const source = typescriptSource(url);
  return source === undefined ? next(url, context) : { format: "module", source, shortCircuit: true };
}

function find(specifier: string, context: Context, next: Next<Resolved>): Resolved {
  try {
    return next(specifier, context);
  } catch (first) {
    if (!/^(ERR_)?(MODULE_NOT_FOUND|UNSUPPORTED_DIR_IMPORT)$/.test((first as { code?: string }).code ?? ""))
      throw first;
    for (const other of alternatives(specifier, context.parentURL)) {
      try {
        return next(other.specifier, { ...context, parentURL: other.parentUrl });
      } catch {
        // The first failure says best what the user wrote.
      }
    }
    throw first;
  }
}
