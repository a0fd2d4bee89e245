import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type * as Api from "@duckdb/node-api";

const PACKAGE = "@duckdb/node-api";

const require = createRequire(import.meta.url);
let loaded: typeof Api | undefined;

/**
 * The engine's package, loaded at its first use (30 MB). `import` would look through each of its files for the names that it exports, which takes longer
 * than to load them.
 */
export function duckdbApi(): typeof Api {
  loaded ??= require(PACKAGE) as typeof Api;
  return loaded;
}

/** The same, loaded file by file with a turn of the event loop after each: as one it takes a tenth of a second, in which nothing else is heard. */
export async function loadDuckdb(): Promise<typeof Api> {
  if (loaded) return loaded;
  await nextTurn();
  require("@duckdb/node-bindings");
  const folder = path.dirname(require.resolve(PACKAGE));
  for (const file of readdirSync(folder)) {
    if (!file.endsWith(".js")) continue;
    await nextTurn();
    require(path.join(folder, file));
  }
  return duckdbApi();
}
