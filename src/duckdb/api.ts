import { createRequire } from "node:module";
import type * as Api from "@duckdb/node-api";

const require = createRequire(import.meta.url);
let loaded: typeof Api | undefined;

/**
 * The engine's package, loaded at its first use (30 MB). `import` would look through each of its files for the names that it exports, which takes longer
 * than to load them.
 */
export function duckdbApi(): typeof Api {
  loaded ??= require("@duckdb/node-api") as typeof Api;
  return loaded;
}
