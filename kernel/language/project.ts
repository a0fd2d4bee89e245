import { existsSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../../src/paths.ts";
import { PRELUDE, TSLAB } from "./prelude.ts";

/** The virtual files of the one project. They lie in the notebook's folder, so that its packages and files resolve. */
export interface ProjectFiles {
  readonly folder: string;
  readonly packageRoot: string;
  readonly config: string;
  readonly notebook: string;
  /** Ends in `globalThis.`, to ask once for all globals. */
  readonly globals: string;
  /** Content by name; the notebook file itself is not in it. */
  readonly virtual: ReadonlyMap<string, string>;
}

export function projectFiles(notebookDir: string): ProjectFiles {
  const folder = slashes(path.resolve(notebookDir));
  const root = slashes(packageRoot());
  const at = (name: string) => path.posix.join(folder, name);
  const names = {
    config: at("outgrow-notebook.tsconfig.json"),
    notebook: at("outgrow-notebook.ts"),
    globals: at("outgrow-notebook-globals.ts"),
    prelude: at("outgrow-notebook-prelude.d.ts"),
    tslab: at("outgrow-notebook-tslab.d.ts"),
  };
  const virtual = new Map([
    [names.config, configText(root, names.tslab, [names.notebook, names.prelude, names.globals])],
    [names.tslab, TSLAB],
    [names.prelude, PRELUDE],
    [names.globals, `${GLOBALS_QUESTION}\nexport {};\n`],
  ]);
  return { folder, packageRoot: root, config: names.config, notebook: names.notebook, globals: names.globals, virtual };
}

export const GLOBALS_QUESTION = "globalThis.";

/** Strict, but friendly to notebooks: nothing about what is implicit, unused or unreachable. */
function configText(root: string, tslab: string, files: readonly string[]): string {
  return JSON.stringify({
    compilerOptions: {
      target: "esnext",
      // "webworker" rather than "dom": it has fetch, WebAssembly and streams, but no `document`, which a cell does not have.
      lib: ["esnext", "webworker"],
      module: "preserve",
      moduleResolution: "bundler",
      moduleDetection: "force",
      types: ["node"],
      typeRoots: [typesFolder(root)],
      paths: { ...packagePaths(root), tslab: [tslab] },
      strict: true,
      // Its reports are dropped (false-alarms.ts). Without it, `const list = []` would be a never[] that takes nothing.
      noImplicitAny: true,
      noImplicitThis: false,
      strictPropertyInitialization: false,
      useUnknownInCatchVariables: false,
      allowUnreachableCode: true,
      allowUnusedLabels: true,
      noUncheckedSideEffectImports: false,
      allowImportingTsExtensions: true,
      allowJs: true,
      checkJs: false,
      resolveJsonModule: true,
      experimentalDecorators: true,
      skipLibCheck: true,
      noEmit: true,
    },
    files,
  });
}

/** What a cell imports under these names is Outgrow's own copy, whatever the notebook's folder holds. */
function packagePaths(root: string): Record<string, readonly string[]> {
  const own: Record<string, readonly string[]> = {
    outgrow: [`${root}/dist/types/src/index.d.ts`, `${root}/src/index.ts`],
    "outgrow/scan": [`${root}/dist/types/src/scan/index.d.ts`, `${root}/src/scan/index.ts`],
    "danfojs-node": [
      `${root}/dist/vendor/danfo/index.d.ts`,
      `${root}/node_modules/danfojs-node/dist/danfojs-node/src/index.d.ts`,
    ],
  };
  return Object.fromEntries(
    Object.entries(own)
      .map(([name, candidates]) => [name, candidates.filter((file) => existsSync(file))] as const)
      .filter(([, candidates]) => candidates.length > 0),
  );
}

/** Beside the package in a clone, above it when npm hoisted the package's dependencies. */
function typesFolder(root: string): string {
  const candidates = [`${root}/node_modules/@types`, path.posix.join(root, "../@types")];
  return candidates.find((folder) => existsSync(`${folder}/node`)) ?? `${root}/node_modules/@types`;
}

function slashes(name: string): string {
  return name.replaceAll("\\", "/");
}
