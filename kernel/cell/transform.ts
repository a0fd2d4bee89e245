import { type HelperMode, transformSync } from "oxc-transform";

// The package declares an enum for these and exports no values for it.
const EXTERNAL = "External" as HelperMode;
const RUNTIME = "Runtime" as HelperMode;

/** TypeScript to JavaScript for Node 20: types removed, `using`, enums and decorators lowered by helpers of `babelHelpers`. */
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
  const failure = errors.find(({ severity }) => severity === "Error");
  if (failure) throw new SyntaxError(failure.message);
  return { code: lowered, map: map?.mappings };
}

/** A local TypeScript module, imported by a cell, as an ES module for Node; its map goes along inline. */
export function transformModule(source: string, filename: string): string {
  const { code, map, errors } = transformSync(filename, source, {
    sourcemap: true,
    target: "es2022",
    decorator: { legacy: true },
    helpers: { mode: RUNTIME },
  });
  const failure = errors.find(({ severity }) => severity === "Error");
  if (failure) throw new SyntaxError(`${filename}: ${failure.message}`);
  if (!map) return code;
  const data = Buffer.from(JSON.stringify(map)).toString("base64");
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${data}\n`;
}
