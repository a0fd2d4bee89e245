// npm run check: format, lint, types, who imports whom, unused code, the package's shape, generated documentation.
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { reportFailure, StepError } from "./setup/step.mjs";
import { root } from "./setup.mjs";

const CHECKS = [
  {
    name: "biome",
    bin: "@biomejs/biome/bin/biome",
    args: ["check", "--error-on-warnings"],
    cure: "npx biome check --write",
  },
  // Another package brings a second tsc, so TypeScript is called by its path.
  { name: "types", bin: "typescript/bin/tsc", args: ["-p", "tsconfig.json"], cure: "mend what the compiler names" },
  {
    name: "architecture",
    bin: "vitest/vitest.mjs",
    args: ["run", "test/architecture.test.ts", "--reporter=dot"],
    cure: "mend the imports as its messages say",
  },
  { name: "knip", bin: "knip/bin/knip.js", args: ["--treat-config-hints-as-errors"], cure: "remove what is unused" },
  { name: "publint", bin: "publint/src/cli.js", args: ["--strict"], cure: "mend package.json as it says" },
  { name: "docs", script: "scripts/docs.mjs", args: ["--check"], cure: "node scripts/docs.mjs" },
];

/** Runs every check and fails with the names of those that did. */
export async function checks() {
  const failed = [];
  for (const { name, bin, script, args, cure } of CHECKS) {
    const file = bin ? path.join(root, "node_modules", bin) : path.join(root, script);
    console.log(`• ${name}`);
    if ((await runNode(file, args)) !== 0) failed.push(`${name} (cure: ${cure})`);
  }
  if (failed.length > 0) throw new StepError("check", `failed: ${failed.join(", ")}`, "mend what is listed above");
}

function runNode(file, args) {
  return new Promise((resolve, reject) => {
    // Tools that keep a cache keep it here and not in the home folder.
    const env = { ...process.env, XDG_CACHE_HOME: path.join(root, ".outgrow", "cache") };
    const child = spawn(process.execPath, [file, ...args], { cwd: root, env, stdio: "inherit" });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await checks().catch(reportFailure);
