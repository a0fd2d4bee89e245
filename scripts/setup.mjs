// All set-up that is missing, nothing that is there. Node built-ins only: it runs before any package is installed.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { buildDist } from "./setup/dist.mjs";
import { registerKernel } from "./setup/kernelspec.mjs";
import { withLock } from "./setup/lock.mjs";
import { makeWorkingCopy } from "./setup/notebooks.mjs";
import { installPackages } from "./setup/packages.mjs";
import { makeVenv, requirePython } from "./setup/venv.mjs";

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Runs each step that is not done yet; a step that fails throws a `StepError` with the step's name and the cure. */
export async function setup() {
  mkdirSync(path.join(root, ".outgrow"), { recursive: true });
  await withLock(path.join(root, ".outgrow", "setup.lock"), async () => {
    requirePython(root);
    await all([installPackages(root), makeVenv(root)]);
    await buildDist(root);
    await registerKernel(root);
    await makeWorkingCopy(root);
  });
}

/** Waits until the last one has ended, so that a failure is the last thing said and a lock is held as long as anything runs. */
export async function all(steps) {
  for (const { reason } of await Promise.allSettled(steps)) if (reason) throw reason;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { reportFailure } = await import("./setup/step.mjs");
  await setup().catch(reportFailure);
}
