import { parseSync } from "oxc-parser";
import { tooDeepAt } from "./nesting.ts";

/**
 * Whether a module's text may export a name: a type leaves nothing at run time, and what `export *` hands on is not known here.
 *
 * @example
 * mayExport("export interface A {}", "A"); // true
 */
export function mayExport(source: string, name: string): boolean {
  if (tooDeepAt(source) !== undefined) return true;
  const { module, errors } = parseSync("module.ts", source, { lang: "ts", sourceType: "module" });
  if (errors.length > 0 || !module.hasModuleSyntax) return true;
  return module.staticExports.some(({ entries }) =>
    entries.some((entry) => {
      const isAll = entry.moduleRequest !== null && entry.exportName.name === null;
      return isAll ? name !== "default" : exportedAs(entry.exportName) === name;
    }),
  );
}

function exportedAs({ kind, name }: { readonly kind: string; readonly name: string | null }): string | null {
  return kind === "Default" ? "default" : name;
}
