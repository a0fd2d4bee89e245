// Compiles our subset of Spark Connect's messages into dist/proto: plain modules with types, so that the package needs no tool.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(root, "src/spark/connect/proto");
const target = path.join(root, "dist/proto");

/** Writes dist/proto unless it is already made from the same definitions and tools. */
export async function proto() {
  const stamp = await fingerprint();
  const file = path.join(target, ".stamp");
  if (existsSync(file) && (await readFile(file, "utf8")) === stamp) return;
  const draft = `${target}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  await generate(draft);
  await writeFile(path.join(draft, ".stamp"), stamp);
  await rm(target, { recursive: true, force: true });
  await rename(draft, target);
}

async function fingerprint() {
  const hash = createHash("sha256");
  const names = (await readdir(source)).sort().map((name) => path.join(source, name));
  for (const name of [path.join(root, "package-lock.json"), fileURLToPath(import.meta.url), ...names])
    hash.update(path.basename(name)).update(await readFile(name));
  return hash.digest("hex");
}

function generate(out) {
  const template = JSON.stringify({
    version: "v2",
    plugins: [
      {
        local: [process.execPath, path.join(root, "node_modules/@bufbuild/protoc-gen-es/bin/protoc-gen-es")],
        out,
        opt: ["target=js+dts", "import_extension=js"],
      },
    ],
  });
  const buf = path.join(root, "node_modules/@bufbuild/buf/bin/buf");
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [buf, "generate", source, "--template", template], {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, BUF_CACHE_DIR: path.join(root, ".outgrow/cache/buf") },
    });
    child.once("error", reject);
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`buf ended with ${code}`))));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await proto();
