// Compiles the scanner's kernel and what unpacks for it (AssemblyScript) into dist/scan-kernel: builds of WebAssembly inlined in a module each, with
// its types.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(root, "src/scan/kernel");
const target = path.join(root, "dist/scan-kernel");

/** Its tables lie below 64 KiB, and the memory is made by who shares it. */
const UNPACK = [
  ...["-O3", "--noAssert", "--enable", "threads", "--importMemory", "--sharedMemory", "--maximumMemory", "65536"],
  ...["--memoryBase", "65536"],
];

/** By the file of a module: where its sources begin, and its builds. `checked` asserts and guards its memory: the fuzz runs on it. */
const MODULES = {
  kernel: {
    entry: "index.ts",
    types: "KernelExports",
    builds: {
      simd: ["-O3", "--noAssert", "--enable", "simd"],
      scalar: ["-O3", "--noAssert"],
      checked: ["-O1", "--enable", "simd"],
    },
  },
  unpack: { entry: "unpack.ts", types: "UnpackExports", builds: { unpack: UNPACK } },
};

/** Writes dist/scan-kernel unless it is already made from the same sources and tools. */
export async function scanKernel() {
  const stamp = await fingerprint();
  const file = path.join(target, ".stamp");
  if (existsSync(file) && (await readFile(file, "utf8")) === stamp) return;
  const draft = `${target}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  await Promise.all(Object.entries(MODULES).map(([name, module]) => compileModule(draft, name, module)));
  await writeFile(path.join(draft, ".stamp"), stamp);
  await rm(target, { recursive: true, force: true });
  await rename(draft, target);
}

async function fingerprint() {
  const hash = createHash("sha256");
  const names = (await readdir(source, { recursive: true }))
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => path.join(source, name));
  for (const name of [path.join(root, "package-lock.json"), fileURLToPath(import.meta.url), ...names])
    hash.update(path.basename(name)).update(await readFile(name));
  return hash.digest("hex");
}

async function compileModule(folder, module, { entry, types, builds }) {
  const names = Object.keys(builds);
  const built = (name, ending) => path.join(folder, `${name}.${ending}`);
  await Promise.all(names.map((name) => compile(entry, built(name, "wasm"), builds[name])));
  const lines = await Promise.all(
    names.map(async (name) => `export const ${name} = "${(await readFile(built(name, "wasm"))).toString("base64")}";`),
  );
  const declared = typesOf(await readFile(built(names[0], "d.ts"), "utf8"), types, names);
  for (const name of names) for (const ending of ["wasm", "js", "d.ts"]) await rm(built(name, ending), { force: true });
  await writeFile(path.join(folder, `${module}.js`), `${lines.join("\n")}\n`);
  await writeFile(path.join(folder, `${module}.d.ts`), declared);
}

/** The compiler writes the exports as a namespace; here they are an interface, which an instance has. Programs may not have the types of WebAssembly. */
function typesOf(written, name, builds) {
  const inner = /namespace __AdaptedExports \{\n([\s\S]*?)\n\}/.exec(written)[1];
  const members = inner
    .replace(/export function /g, "")
    .replace(/export const /g, "readonly ")
    .replace("WebAssembly.Memory", "{ readonly buffer: ArrayBuffer }");
  const lines = builds.map((build) => `export declare const ${build}: string;`);
  return `${lines.join("\n")}\nexport interface ${name} {\n${members}\n}\n`;
}

function compile(entry, out, flags) {
  const asc = path.join(root, "node_modules/assemblyscript/bin/asc.js");
  const args = [
    path.join(source, entry),
    ...flags,
    "--runtime",
    "stub",
    "--use",
    "abort=",
    "--bindings",
    "raw",
    "-o",
    out,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [asc, ...args], { cwd: root, stdio: "inherit" });
    child.once("error", reject);
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`asc ended with ${code}`))));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await scanKernel();
