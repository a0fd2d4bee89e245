import { UsageError } from "../../src/errors.ts";
import { packageRoot, packageVersion } from "../../src/paths.ts";
import type { Finding } from "./finding.ts";
import { checkFolders } from "./folders.ts";
import { checkJupyter } from "./jupyter.ts";
import { checkNotebookFolder } from "./notebook-folder.ts";
import { checkParts } from "./parts.ts";
import { checkSpark } from "./spark.ts";

const CHECKS: Readonly<Record<string, () => AsyncGenerator<Finding>>> = {
  parts: checkParts,
  folders: checkFolders,
  notebook: checkNotebookFolder,
  jupyter: checkJupyter,
  spark: checkSpark,
};

/**
 * Checks each part by itself, or only what is named, changes nothing, and says of what is wrong which command mends it. The exit code is 1 when something is.
 *
 * @throws {UsageError} E_BAD_VALUE for a name that is none of `parts`, `folders`, `notebook`, `jupyter` and `spark`
 */
export async function doctor(only: readonly string[] = []): Promise<number> {
  const names = Object.keys(CHECKS);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new UsageError("E_BAD_VALUE", `outgrow doctor does not know "${unknown}"`, {
      hint: `name some of ${names.join(", ")}`,
    });
  // A package that fails while it is loaded is told of twice: by its import, which is heard below, and as a rejection of nobody's.
  process.on("unhandledRejection", () => undefined);
  console.log(`Outgrow ${packageVersion()} in ${packageRoot()}\n`);
  let all = 0;
  let failed = 0;
  for (const [name, check] of Object.entries(CHECKS)) {
    if (only.length > 0 && !only.includes(name)) continue;
    for await (const finding of check()) {
      tell(finding);
      all++;
      if (!finding.ok) failed++;
    }
  }
  console.log(failed === 0 ? "\nAll parts work." : `\n${failed} of ${all} parts need attention.`);
  return failed === 0 ? 0 : 1;
}

function tell({ part, ok, says, cure }: Finding): void {
  console.log(`${ok ? "✓" : "✗"} ${part}: ${says}`);
  if (!ok && cure) console.log(`    what to do: ${cure}`);
}
