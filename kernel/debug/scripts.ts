import { fileURLToPath, pathToFileURL } from "node:url";
import { EngineError } from "../../src/errors.ts";
import { packageRoot } from "../../src/paths.ts";
import type { ScriptSource } from "../link/debug.ts";
import { pathOfCell } from "./cell-paths.ts";
import type { DeskClient } from "./desk-client.ts";
import type { ScriptParsed } from "./inspector.ts";

/** A script of the user's: a piece of a cell, or a file beside the notebook. */
export interface Script {
  readonly id: string;
  /** `cell-12.ts`, or a URL. */
  readonly url: string;
}

/** What the inspector calls a script is told beside the announcement of it, by another way. */
const TOLD_MS = 4000;
const CELL = /^cell-(?:body-\d+-cell-)?\d+\.ts$/;
const DIST = `${pathToFileURL(packageRoot()).href}/dist/`;

/** The code that nobody wants to step through, as the inspector wants it: regular expressions of URLs. */
export const FOREIGN: readonly string[] = [
  "^$",
  "^node:",
  "/node_modules/",
  `^${DIST.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`,
];

/** The scripts of the user's that live, and where each was typed. */
export class Scripts {
  readonly #desk: DeskClient;
  readonly #byId = new Map<string, Script>();
  /** Cells' sources by URL; null for what is no cell. */
  readonly #sources = new Map<string, Promise<ScriptSource | null>>();
  readonly #waiting = new Map<string, (script: Script) => void>();

  constructor(desk: DeskClient) {
    this.#desk = desk;
  }

  parsed({ scriptId, url, isModule }: ScriptParsed): Script | undefined {
    // The kernel's own `import` bears the name of a TypeScript file beside the notebook, which would be a module.
    if (!isUsers(url) || (!isModule && /^file:.*\.[cm]?tsx?$/.test(url))) return undefined;
    const script = { id: scriptId, url };
    this.#byId.set(scriptId, script);
    this.#waiting.get(url)?.(script);
    return script;
  }

  get(id: string): Script | undefined {
    return this.#byId.get(id);
  }

  all(): readonly Script[] {
    return [...this.#byId.values()];
  }

  /** The script that was announced; undefined for what is nobody's cell. */
  announced(url: string): Promise<Script> | undefined {
    if (!CELL.test(url)) return undefined;
    const known = this.all().findLast((script) => script.url === url);
    if (known) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      this.#waiting.set(url, resolve);
      const late = () => reject(new EngineError("E_INSPECTOR", `the inspector did not tell of ${url}`));
      setTimeout(late, TOLD_MS).unref();
    });
  }

  async source({ url }: Script): Promise<ScriptSource | null> {
    if (!CELL.test(url)) return null;
    this.#learn([url]);
    return this.#sources.get(url) ?? null;
  }

  /** The path by which a front end knows the script; undefined for a cell whose text has been forgotten. */
  async path(script: Script): Promise<string | undefined> {
    if (!CELL.test(script.url)) return fileOf(script.url);
    const source = await this.source(script);
    return source ? pathOfCell(source.text) : undefined;
  }

  async withPath(path: string): Promise<readonly Script[]> {
    const scripts = this.all();
    this.#learn(scripts.map(({ url }) => url));
    const paths = await Promise.all(scripts.map((script) => this.path(script)));
    return scripts.filter((_, i) => paths[i] === path);
  }

  /** Files beside the notebook that were imported. */
  files(): readonly string[] {
    return [...new Set(this.all().flatMap(({ url }) => (CELL.test(url) ? [] : [fileOf(url)])))];
  }

  clear(): void {
    this.#byId.clear();
    this.#sources.clear();
  }

  /** Asks for the sources of cells that are not known yet, all at once. */
  #learn(urls: readonly string[]): void {
    const wanted = urls.filter((url) => CELL.test(url) && !this.#sources.has(url));
    if (wanted.length === 0) return;
    const asked = this.#desk.ask("sources", wanted);
    for (const [i, url] of wanted.entries()) {
      const source = asked.then((sources) => sources[i] ?? null);
      source.catch(() => this.#sources.delete(url));
      this.#sources.set(url, source);
    }
  }
}

function isUsers(url: string): boolean {
  if (CELL.test(url)) return true;
  return url.startsWith("file://") && !url.startsWith(DIST) && !url.includes("/node_modules/");
}

function fileOf(url: string): string {
  return fileURLToPath(url.replace(/[?#].*$/, ""));
}
