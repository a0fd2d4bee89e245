// The working copy of notebooks/ that JupyterLab opens, with the generated data beside it: git stays clean.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { writeSales } from "./sales.mjs";
import { step } from "./step.mjs";

export function workingCopy(root) {
  return path.join(root, ".outgrow", "notebooks");
}

export async function makeWorkingCopy(root) {
  const folder = workingCopy(root);
  mkdirSync(path.join(folder, "data"), { recursive: true });
  copyTutorials(path.join(root, "notebooks"), folder);
  await step(
    "tutorial data (1,200,000 rows)",
    {
      stamp: path.join(folder, "data", ".outgrow"),
      inputs: [path.join(root, "scripts", "setup", "sales.mjs")],
      cure: "make room on the disk (the data needs 100 MB), then run the same command again",
    },
    () => writeSales(path.join(folder, "data", "sales.csv")),
  );
}

/** A tutorial that the person has changed is never overwritten; an unchanged one follows the project. */
function copyTutorials(from, to) {
  const manifestFile = path.join(to, ".tutorials.json");
  const manifest = existsSync(manifestFile) ? JSON.parse(readFileSync(manifestFile, "utf8")) : {};
  for (const name of readdirSync(from).filter((file) => file.endsWith(".ipynb"))) {
    const original = readFileSync(path.join(from, name));
    const copy = path.join(to, name);
    const untouched = !existsSync(copy) || hash(readFileSync(copy)) === manifest[name];
    if (!untouched) continue;
    writeFileSync(copy, original);
    manifest[name] = hash(original);
  }
  writeFileSync(manifestFile, JSON.stringify(manifest, null, 2));
}

function hash(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}
