import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { DataError } from "../../src/errors.ts";
import { attempt, type Finding, quote } from "./finding.ts";

/** The settings beside the notebook. Cells go on without a tsconfig.json that cannot be read; editors, the compiler and imports of packages do not. */
export async function* checkNotebookFolder(): AsyncGenerator<Finding> {
  for (const name of ["tsconfig.json", "package.json"]) {
    const file = path.resolve(name);
    if (existsSync(file))
      yield attempt(name, `\${EDITOR:-vi} ${quote(file)}`, () =>
        name === "tsconfig.json" ? checkLoose(file) : checkStrict(file),
      );
  }
}

/** With comments and trailing commas, as the compiler reads it: an expression of its own language. */
async function checkLoose(file: string): Promise<string> {
  const { parse } = await import("../cell/tree.ts");
  const { failure } = parse(`(${readText(file)}\n)`);
  if (!failure) return "can be read";
  // The parenthesis before the text counts for none of it.
  const line = readText(file)
    .slice(0, Math.max(0, failure.offset - 1))
    .split("\n").length;
  throw new DataError("E_SETTINGS", `${file} line ${line}: ${failure.message.split("\n")[0]}`);
}

function checkStrict(file: string): string {
  try {
    JSON.parse(readText(file));
    return "can be read";
  } catch (cause) {
    throw new DataError("E_SETTINGS", `${file}: ${(cause as Error).message}`, { cause });
  }
}

function readText(file: string): string {
  return readFileSync(file, "utf8").replace(/^\ufeff/, "");
}
