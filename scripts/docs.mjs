// Writes the README's table of magics from their definitions. With --check it changes nothing and fails when the table is out of date.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { reportFailure, StepError } from "./setup/step.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const REGISTRY = path.join(root, "dist/kernel/magics/registry.js");
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

async function main() {
  const { values } = parseArgs({ options: { check: { type: "boolean" }, readme: { type: "string" } } });
  const file = values.readme ?? path.join(root, "README.md");
  if (!existsSync(REGISTRY)) throw new StepError("docs", "dist/ has no magics", "run npm run build first");
  const { magics } = await import(pathToFileURL(REGISTRY).href);
  const before = readFileSync(file, "utf8");
  const after = withTable(before, tableOf(magics.values()));
  if (before === after) return;
  if (values.check) {
    console.error(
      `The table of magics in ${path.basename(file)} is out of date. It should be:\n\n${tableOf(magics.values())}\n`,
    );
    throw new StepError("docs", `${path.basename(file)} is out of date`, "node scripts/docs.mjs");
  }
  writeFileSync(file, after);
  console.log(`Wrote the table of magics in ${path.basename(file)}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main().catch(reportFailure);
