import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { type Browser, chromium } from "playwright-core";
import { root } from "../support/python.ts";

/** A headless browser: the one named by OUTGROW_BROWSER, an installed one, or the one that npm brought. */
export async function launchBrowser(): Promise<Browser> {
  const installed =
    process.env.OUTGROW_BROWSER ?? onPath(["chromium", "google-chrome", "chromium-browser", "google-chrome-stable"]);
  const { executablePath, env } = installed ? { executablePath: installed, env: {} } : unpackedBundled();
  return chromium.launch({
    executablePath,
    env: { ...process.env, ...env },
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  });
}

function onPath(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function unpackedBundled() {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error("no browser found: install Chromium or Google Chrome, or set OUTGROW_BROWSER to its path");
  const folder = path.join(root, ".outgrow", "chromium");
  if (!existsSync(folder)) unpackTo(folder);
  const libraries = [path.join(folder, "lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  return { executablePath: path.join(folder, "chromium"), env: { LD_LIBRARY_PATH: libraries } };
}

/** Test files that come at once unpack each for itself, and the first puts it in its place: of a half of it nothing can be started. */
function unpackTo(folder: string): void {
  const draft = `${folder}-${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    unpackBrowser(draft);
    unpackLibraries(draft);
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** It unpacks to the folder for temporary files, which must not be another one for what this process starts meanwhile. */
function unpackBrowser(folder: string): void {
  const script = 'const { default: bundled } = await import("@sparticuz/chromium"); await bundled.executablePath();';
  const env = { ...process.env, TMPDIR: folder };
  const done = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd: root, env });
  if (done.status !== 0) throw new Error(`the browser could not be unpacked: ${done.stderr}`);
}

/** Libraries that the package ships but does not unpack by itself outside Lambda. */
function unpackLibraries(folder: string): void {
  const packed = path.join(root, "node_modules", "@sparticuz", "chromium", "bin", "al2023.tar.br");
  const done = spawnSync("tar", ["-xf", "-", "-C", folder], { input: brotliDecompressSync(readFileSync(packed)) });
  if (done.status !== 0) throw new Error(`tar could not unpack the browser's libraries: ${done.stderr}`);
}
