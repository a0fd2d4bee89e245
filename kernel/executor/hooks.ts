import type { LoadHook, ResolveHook } from "node:module";
import { aliasUrl } from "./aliases.ts";
import { alternatives, presentModule, typescriptSource } from "./local-modules.ts";

/** Module hooks for Node before 22.15, which runs them in a thread of their own. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const alias = aliasUrl(specifier);
  if (alias !== undefined) return { url: alias, shortCircuit: true };
  return presentModule(await find(specifier, context, next), context);
};

export const load: LoadHook = async (url, context, next) => {
  const source = typescriptSource(url);
  return source === undefined ? next(url, context) : { format: "module", source, shortCircuit: true };
};

const find: ResolveHook = async (specifier, context, next) => {
  try {
    return await next(specifier, context);
  } catch (first) {
    if (!/^ERR_(MODULE_NOT_FOUND|UNSUPPORTED_DIR_IMPORT)$/.test((first as { code?: string }).code ?? "")) throw first;
    for (const other of alternatives(specifier, context.parentURL)) {
      try {
        return await next(other.specifier, { ...context, parentURL: other.parentUrl });
      } catch {
        // The first failure says best what the user wrote.
      }
    }
    throw first;
  }
};
