import { spawn } from "node:child_process";
import path from "node:path";
import { jupyterEnv } from "./jupyter.mjs";
import { workingCopy } from "./notebooks.mjs";
import { StepError } from "./step.mjs";
import { venvPaths } from "./venv.mjs";

/** Runs one real cell through the registered kernel, as JupyterLab would, and prints what it shows. */
export async function selfCheck(root) {
  console.log("• self-check: one cell through the kernel");
  const { python } = venvPaths(root);
  const script = path.join(root, "scripts", "setup", "self_check.py");
  const code = await new Promise((resolve, reject) => {
    const child = spawn(python, [script], {
      cwd: workingCopy(root),
      env: jupyterEnv(root),
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (code !== 0)
    throw new StepError(
      "self-check",
      "the kernel did not run the cell (its words are above)",
      "run node dist/kernel/main.js doctor, which tests each part by itself",
    );
}
