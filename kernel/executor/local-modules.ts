import { readFileSync, statSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { packageRoot } from "../../src/paths.ts";
import { transformModule } from "../cell/transform.ts";
import { isBare } from "./aliases.ts";

interface Loaded {
  changedAt: number;
  /** Counts the editions that were loaded; Node keeps each as a module of its own. */
  edition: number;
  /** The files that it imports, with the edition that it got. */
  readonly imports: Map<string, number>;
}

const loaded = new Map<string, Loaded>();

/** The places to look next for what Node did not find: names without ending, `.js` that is a `.ts` here, Outgrow's own packages. */
export function alternatives(
  specifier: string,
  parentUrl: string | undefined,
): { specifier: string; parentUrl: string | undefined }[] {
  if (isBare(specifier)) return [{ specifier, parentUrl: pathToFileURL(`${packageRoot()}/package.json`).href }];
  const names = [
    specifier.replace(/\.([cm]?)js$/, ".$1ts"),
    `${specifier}.ts`,
    `${specifier}.js`,
    `${specifier}/index.ts`,
  ];
  return names.filter((name) => name !== specifier).map((name) => ({ specifier: name, parentUrl }));
}

/** The URL of the file's present edition: one that was edited, or imports one that was, is loaded anew. */
function presentEdition(url: string, parentUrl: string | undefined): string {
  const file = userFile(url);
  if (file === undefined) return url;
  const { edition } = refresh(file, new Set());
  const parent = parentUrl === undefined ? undefined : userFile(parentUrl);
  if (parent !== undefined) loaded.get(parent)?.imports.set(file, edition);
  return edition === 0 ? url : `${url}${url.includes("?") ? "&" : "?"}edition=${edition}`;
}

interface Asked {
  readonly parentURL?: string | undefined;
  readonly importAttributes?: object | undefined;
}

/** A module that Node found, in its present edition. Of the user's JSON TypeScript asks no `with { type: "json" }`, as Node does. */
export function presentModule<Found extends { readonly url: string }>(found: Found, asked: Asked): Found {
  const isJson = /\.json(?:[?#]|$)/.test(found.url) && userFile(found.url) !== undefined;
  return {
    ...found,
    url: presentEdition(found.url, asked.parentURL),
    ...(isJson && { importAttributes: { ...asked.importAttributes, type: "json" } }),
  };
}

/** TypeScript files become ES modules; undefined for all others. */
export function typescriptSource(url: string): string | undefined {
  if (!url.startsWith("file:") || !/\.[cm]?tsx?(\?|$)/.test(url)) return undefined;
  const file = fileURLToPath(url.replace(/[?#].*$/, ""));
  return transformModule(readFileSync(file, "utf8"), file);
}

function refresh(file: string, seen: Set<string>): Loaded {
  const changedAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const entry = loaded.get(file);
  if (entry === undefined) {
    const fresh = { changedAt, edition: 0, imports: new Map<string, number>() };
    loaded.set(file, fresh);
    return fresh;
  }
  if (seen.has(file)) return entry;
  seen.add(file);
  const below = [...entry.imports].filter(([child, edition]) => refresh(child, seen).edition !== edition);
  if (below.length === 0 && entry.changedAt === changedAt) return entry;
  const next = { changedAt, edition: entry.edition + 1, imports: new Map<string, number>() };
  loaded.set(file, next);
  return next;
}

/** A file that the user edits: not of a package, not ours. */
function userFile(url: string): string | undefined {
  if (!url.startsWith("file:") || url.includes("/node_modules/")) return undefined;
  const file = fileURLToPath(url.replace(/[?#].*$/, ""));
  return file.startsWith(`${packageRoot()}/dist/`) ? undefined : file;
}
