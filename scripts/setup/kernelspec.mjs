import path from "node:path";
import { run, StepError } from "./step.mjs";

/** Written at each start: the folder may have moved, Node may be a newer one. */
export async function registerKernel(root) {
  const main = path.join(root, "dist", "kernel", "main.js");
  await run(process.execPath, [main, "install", "--prefix", path.join(root, ".venv"), "--quiet"]).catch((error) => {
    throw new StepError("kernel registration", error.message, "run npm run build, then the same command again");
  });
}
