import { type HelperMode, transformSync } from "oxc-transform";
import { TOO_DEEP, tooDeepAt } from "./nesting.ts";
import { lineColumn } from "./positions.ts";
import { CellFault, excerptAt } from "./syntax-error.ts";

// The package declares an enum for these and exports no values for it.
const EXTERNAL = "External" as HelperMode;

/**
 * TypeScript to JavaScript for Node 20: types removed, `using`, enums and decorators lowered by helpers of `babelHelpers`.
 *
 * @throws {CellFault} for what the transformer cannot lower
 */
export function lower(code: string): { readonly code: string; readonly map: string | undefined } {
  const {
    code: lowered,
    map,
    errors,
  } = transformSync("cell.ts", code, {
    lang: "ts",
    sourceType: "module",
    target: "es2022",
    sourcemap: true,
    typescript: { onlyRemoveTypeImports: true },
    decorator: { legacy: true },
    helpers: { mode: EXTERNAL },
  });
  // It leaves out what it warns of: a namespace's `export let`.
  const [failure] = errors;
  if (failure) throw new CellFault(inOurWords(failure.message), failure.labels[0]?.start ?? 0);
  return { code: lowered, map: map?.mappings };
}

/** What the transformer cannot do is told without its name, which stands nowhere in a cell. */
function inOurWords(message: string): string {
  if (message.startsWith("Namespaces exporting non-const"))
    return "a namespace here can export a const and no other variable: export functions that read and set it";
  return message.split("\n")[0]?.replace(/ or see: .*/, "") ?? "";
}

/** Imports are hoisted: at the end it moves no line. The user's own packages have no helpers, so ours come by their global symbol. */
const HELPERS_IMPORT = `import babelHelpers from "data:text/javascript,export default globalThis[Symbol.for('outgrow.babelHelpers')]";\n`;

/**
 * A local TypeScript module, imported by a cell, as an ES module for Node; its map goes along inline. The process that runs it must have
 * loaded `helpers.ts`.
 *
 * @throws {SyntaxError} with the file's name, for what is not TypeScript or cannot be lowered
 */
export function transformModule(source: string, filename: string): string {
  const deep = tooDeepAt(source);
  if (deep !== undefined) throw new SyntaxError(faultIn(source, filename, TOO_DEEP, deep));
  const { code, map, errors } = transformSync(filename, source, {
    sourcemap: true,
    target: "es2022",
    decorator: { legacy: true },
    helpers: { mode: EXTERNAL },
  });
  const [failure] = errors;
  if (failure) throw new SyntaxError(faultIn(source, filename, inOurWords(failure.message), failure.labels[0]?.start));
  const helpers = code.includes("babelHelpers.") ? HELPERS_IMPORT : "";
  const data = Buffer.from(JSON.stringify(map ?? {})).toString("base64");
  return `${code}\n${helpers}${map ? `//# sourceMappingURL=data:application/json;base64,${data}\n` : ""}`;
}

/** `helpers.ts:1:26: Unexpected token`, the line and a caret. */
function faultIn(source: string, filename: string, fault: string, offset: number | undefined): string {
  if (offset === undefined) return `${filename}: ${fault}`;
  const place = lineColumn(source, offset);
  const excerpt = excerptAt(source, place).replace(/^/gm, "  ");
  return `${filename}:${place.line}:${place.column}: ${fault}\n${excerpt}`;
}
