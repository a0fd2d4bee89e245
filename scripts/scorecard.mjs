// Runs the checks of the kernel test bed against the built kernel and writes docs/kernel-scorecard.md. With --check it fails when the page differs.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { jupyterEnv } from "./setup/jupyter.mjs";
import { root } from "./setup.mjs";

const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
const update = process.argv.includes("--check") ? [] : ["-u"];
// Without CI a page that is not there would be written by --check too.
const env = { ...jupyterEnv(root), OUTGROW_BUILT: "1", ...(update.length === 0 ? { CI: "1" } : {}) };
process.exitCode =
  spawnSync(process.execPath, [vitest, "run", "test/jupyter/testbed.test.ts", ...update], {
    cwd: root,
    env,
    stdio: "inherit",
  }).status ?? 1;
