// Writes the README's table of magics and docs/magics.md from their definitions. With --check it changes nothing and fails when one is out of date.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { reportFailure, StepError } from "./setup/step.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const START = "<!-- magics -->";
const END = "<!-- /magics -->";

/** The README with the table between its marks replaced. */
export function withTable(readme, table) {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END, start);
  if (start < 0 || end < 0)
    throw new StepError(
      "docs",
      `the README has no ${START} followed by ${END}`,
      "put both marks where the table belongs",
    );
  return `${readme.slice(0, start + START.length)}\n\n${table}\n\n${readme.slice(end)}`;
}

/** One row for each magic: how it is typed, what it does, the function it stands for. Options are a matter of `%name?`. */
export function tableOf(magics) {
  const rows = [...magics].map((magic) => [
    magic.forms.map((form) => code(usageOf(form, magic))).join("<br>"),
    magic.summary,
    magic.standsFor ? code(magic.standsFor) : "",
  ]);
  const lines = [["magic", "does", "the same in TypeScript"], ["---", "---", "---"], ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`.replace(/ {2,}\|/g, " |")).join("\n");
}

function usageOf(form, { name, args, raw, body }) {
  const words =
    raw && form === "%%" && body === "session" ? [] : args.map((arg) => (arg.required ? arg.name : `[${arg.name}]`));
  return [form + name, ...words].join(" ");
}

/** A bar inside of code still ends a table cell. */
function code(text) {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

/** The magics as they are written now, whatever has been built. */
async function readMagics() {
  const { build } = await import("esbuild");
  mkdirSync(path.join(root, ".outgrow"), { recursive: true });
  const folder = mkdtempSync(path.join(root, ".outgrow/docs-"));
  const contents = `
    export { magics } from "./kernel/magics/registry.ts";
    export { referencePage } from "./kernel/magics/reference.ts";
  `;
  try {
    await build({
      stdin: { contents, resolveDir: root, loader: "ts" },
      absWorkingDir: root,
      outdir: folder,
      bundle: true,
      splitting: true,
      format: "esm",
      target: "node20.19",
      platform: "node",
      packages: "external",
      external: ["#danfo", "#jmp", "#spark-proto/*", "#scan-kernel"],
      logLevel: "warning",
    });
    return await import(pathToFileURL(path.join(folder, "stdin.js")).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  const { values } = parseArgs({ options: { check: { type: "boolean" }, readme: { type: "string" } } });
  const readme = values.readme ?? path.join(root, "README.md");
  const { magics, referencePage } = await readMagics();
  const table = tableOf(magics.values());
  const pages = [
    { file: readme, text: withTable(readFileSync(readme, "utf8"), table), shown: table },
    { file: path.join(path.dirname(readme), "docs/magics.md"), text: referencePage(magics.values()) },
  ];
  for (const { file, text, shown = "" } of pages) {
    if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
    if (values.check) {
      if (shown) console.error(`The table of magics in ${path.basename(file)} should be:\n\n${shown}\n`);
      throw new StepError("docs", `${path.basename(file)} is out of date`, "node scripts/docs.mjs");
    }
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`Wrote the magics of ${path.basename(file)}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main().catch(reportFailure);
