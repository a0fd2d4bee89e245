// Compiles the scanner's kernel (AssemblyScript) into dist/scan-kernel: three builds of WebAssembly inlined in one module with its types.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(root, "src/scan/kernel");
const target = path.join(root, "dist/scan-kernel");

/** `checked` asserts and guards its memory: the fuzz runs on it. */
const BUILDS = {
  simd: ["-O3", "--noAssert", "--enable", "simd"],
  scalar: ["-O3", "--noAssert"],
  checked: ["-O1", "--enable", "simd"],
};

/** Writes dist/scan-kernel unless it is already made from the same sources and tools. */
export async function scanKernel() {
  const stamp = await fingerprint();
  const file = path.join(target, ".stamp");
  if (existsSync(file) && (await readFile(file, "utf8")) === stamp) return;
  const draft = `${target}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  await Promise.all(Object.entries(BUILDS).map(([name, flags]) => compile(path.join(draft, `${name}.wasm`), flags)));
  const lines = await Promise.all(
    Object.keys(BUILDS).map(
      async (name) =>
        `export const ${name} = "${(await readFile(path.join(draft, `${name}.wasm`))).toString("base64")}";`,
    ),
  );
  await writeFile(path.join(draft, "kernel.js"), `${lines.join("\n")}\n`);
  await writeFile(path.join(draft, "kernel.d.ts"), typesOf(await readFile(path.join(draft, "simd.d.ts"), "utf8")));
  for (const name of Object.keys(BUILDS))
    for (const ending of ["wasm", "js", "d.ts"]) await rm(path.join(draft, `${name}.${ending}`), { force: true });
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

/** The compiler writes the exports as a namespace; here they are an interface, which an instance has. */
function typesOf(written) {
  const inner = /namespace __AdaptedExports \{\n([\s\S]*?)\n\}/.exec(written)[1];
  const members = inner.replace(/export function /g, "").replace(/export const /g, "readonly ");
  const builds = Object.keys(BUILDS).map((name) => `export declare const ${name}: string;`);
  return `${builds.join("\n")}\nexport interface KernelExports {\n${members}\n}\n`;
}

function compile(out, flags) {
  const asc = path.join(root, "node_modules/assemblyscript/bin/asc.js");
  const args = [
    path.join(source, "index.ts"),
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
