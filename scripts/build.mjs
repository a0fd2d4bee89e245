// Builds dist/: JavaScript by esbuild (split, so that a start loads few files), types by TypeScript, vendored packages once.

import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { proto } from "./proto.mjs";
import { scanKernel } from "./scan-kernel.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * What is built together shares its modules. The kernel loads parts of the library when a cell needs them, which cuts it into many
 * files; a program loads all of it at once, and each file takes half a millisecond. So each has the library in files of its own, and so have
 * the kernel's two processes and the threads in the executor: what two of them use would be one more file, and the first cell waits for 28 instead of 51.
 */
const BUNDLES = [
  // Who imports both has one copy of the scanner.
  { "src/index": "src/index.ts", "src/scan/index": "src/scan/index.ts" },
  {
    "kernel/main": "kernel/main.ts",
    "kernel/supervisor/language-worker": "kernel/supervisor/language-worker.ts",
  },
  {
    "kernel/executor/main": "kernel/executor/main.ts",
    "kernel/library": "src/index.ts",
    "kernel/executor/tslab": "kernel/executor/tslab.ts",
  },
  { "kernel/executor/sentinel": "kernel/executor/sentinel.ts" },
  { "kernel/executor/hooks": "kernel/executor/hooks.ts" },
  { "src/ml/forest-worker": "src/ml/forest-worker.ts" },
  { "src/spark/server/keeper-main": "src/spark/server/keeper-main.ts" },
];

/** Of threads that somebody waits for: by `require` Node has them a quarter sooner. */
const REQUIRED = {
  "src/scan/threads/scan-worker": "src/scan/threads/scan-worker.ts",
  "src/scan/threads/unpack-worker": "src/scan/threads/unpack-worker.ts",
  "src/scan/threads/finish-worker": "src/scan/threads/finish-worker.ts",
};

export async function build({ types = true, quiet = false } = {}) {
  await Promise.all([buildVendor(quiet), proto(), scanKernel()]);
  await Promise.all([buildCode(), types ? buildTypes() : undefined]);
}

async function buildVendor(quiet) {
  const { vendor } = await import(pathToFileURL(path.join(root, "scripts/vendor.mjs")).href);
  await vendor({ quiet });
}

async function buildCode() {
  const esbuild = await import("esbuild");
  const bundle = (entryPoints, options) =>
    esbuild.build({
      absWorkingDir: root,
      entryPoints,
      outdir: "dist",
      bundle: true,
      platform: "node",
      target: "node20.19",
      packages: "external",
      inject: ["scripts/own-globals.mjs"],
      external: ["#danfo", "#jmp", "#scan-kernel"],
      plugins: [transport],
      sourcemap: false,
      metafile: true,
      logLevel: "warning",
      ...options,
    });
  const modules = { format: "esm", splitting: true, chunkNames: "chunks/[name]-[hash]" };
  const made = await Promise.all([
    ...BUNDLES.map((entryPoints) => bundle(entryPoints, modules)),
    bundle(REQUIRED, { format: "cjs", outExtension: { ".js": ".cjs" } }),
  ]);
  const files = made.flatMap(({ metafile }) => Object.keys(metafile.outputs));
  for (const file of files) nameClasses(path.join(root, file));
  removeOthers(new Set(files));
}

/** A class that speaks of itself has another name after esbuild, `_Column`, which would be seen; to keep the names of all functions, too, takes a twelfth more code. */
function nameClasses(file) {
  const text = readFileSync(file, "utf8");
  const named = text.replace(
    /= class _(\w+)(?: extends [\w.]+)? \{/g,
    '$& static { Object.defineProperty(this, "name", { value: "$1", configurable: true }); }',
  );
  if (named !== text) writeFileSync(file, named);
}

/** What an earlier build made and this one does not, as chunks under another hash: the package would carry it. */
function removeOthers(made) {
  for (const folder of ["dist/chunks", "dist/kernel", "dist/src"])
    for (const name of readdirSync(path.join(root, folder), { recursive: true })) {
      const file = path.posix.join(folder, name.replaceAll(path.sep, "/"));
      if (/\.c?js$/.test(file) && !made.has(file)) rmSync(path.join(root, file));
    }
}

/** Of Spark's transport grpc is one file for all bundles, and the messages with their encoder go into each: a session opens sooner, in less memory. */
const transport = {
  name: "outgrow-transport",
  setup(build) {
    build.onResolve({ filter: /^@grpc\/grpc-js$/ }, () => ({ path: "#grpc", external: true }));
    build.onResolve({ filter: /^(@bufbuild\/protobuf(\/|$)|#spark-proto\/)/ }, ({ path: name }) => ({
      path: fileURLToPath(import.meta.resolve(name)),
      sideEffects: false,
    }));
  },
};

async function buildTypes() {
  if (!existsSync(path.join(root, "tsconfig.build.json"))) return;
  rmSync(path.join(root, "dist/types"), { recursive: true, force: true });
  await run(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"]);
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit" });
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`${path.basename(args[0])} ended with ${code}`)),
    );
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build({ types: !process.argv.includes("--no-types") });
