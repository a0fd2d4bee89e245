import { createRequire } from "node:module";
import { setImmediate as nextTurn } from "node:timers/promises";
import type * as Api from "@duckdb/node-api";

const require = createRequire(import.meta.url);
let loaded: typeof Api | undefined;

/** The engine's package as one file, loaded at its first use (30 MB). */
export function duckdbApi(): typeof Api {
  loaded ??= require("#duckdb") as typeof Api;
  return loaded;
}

/** The same with a turn of the event loop before what is native and what is JavaScript: 25 ms each, in which nothing else is heard. */
export async function loadDuckdb(): Promise<typeof Api> {
  if (loaded) return loaded;
  await nextTurn();
  require("@duckdb/node-bindings");
  await nextTurn();
  return duckdbApi();
}
