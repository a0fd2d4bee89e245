import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** The licence texts of every package among the bundled files, by name. */
export async function collectLicenses(root, files) {
  const folders = new Set(files.map(packageFolder).filter(Boolean));
  const texts = await Promise.all([...folders].sort().map((folder) => licenseOf(path.join(root, folder))));
  return `Outgrow bundles parts of these packages.\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

function packageFolder(file) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file.replaceAll("\\", "/"))?.[0];
}

async function licenseOf(folder) {
  const { name, version, license, author } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file
    ? await readFile(path.join(folder, file), "utf8")
    : `The package carries no licence file. Author: ${typeof author === "string" ? author : (author?.name ?? "its contributors")}.\n`;
  return `${name} ${version}, licence ${license?.type ?? license ?? "see below"}\n\n${text.trim()}\n`;
}
