// npm start: set-up, one real cell through the installed kernel, then JupyterLab on the working copy of the tutorials.
import { spawn } from "node:child_process";
import path from "node:path";
import { jupyterEnv } from "./setup/jupyter.mjs";
import { workingCopy } from "./setup/notebooks.mjs";
import { selfCheck } from "./setup/self-check.mjs";
import { reportFailure, StepError } from "./setup/step.mjs";
import { venvPaths } from "./setup/venv.mjs";
import { root, setup } from "./setup.mjs";

const args = process.argv.slice(2);

try {
  await setup();
  await selfCheck(root);
  if (!args.includes("--no-lab")) await openLab(args.filter((arg) => arg !== "--no-lab"));
} catch (error) {
  reportFailure(error);
}

async function openLab(extra) {
  const { python } = venvPaths(root);
  const has = (name) => extra.some((arg) => arg.startsWith(`--${name}`));
  const lab = [
    "-m",
    "jupyterlab",
    ...(has("ServerApp.root_dir") || has("notebook-dir") ? [] : [`--ServerApp.root_dir=${workingCopy(root)}`]),
    ...(has("ServerApp.ip") || has("ip") ? [] : ["--ServerApp.ip=127.0.0.1"]),
    ...(process.getuid?.() === 0 && !has("allow-root") ? ["--allow-root"] : []),
    ...extra,
  ];
  console.log(
    `\nJupyterLab opens on ${path.relative(process.cwd(), workingCopy(root)) || "."}; its address follows. Ctrl-C ends it.\n`,
  );
  const child = spawn(python, lab, { cwd: workingCopy(root), env: jupyterEnv(root), stdio: "inherit" });
  // Ctrl-C reaches JupyterLab by the terminal; here it must only not end us before it.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (...how) => resolve(how));
  });
  if (code && !signal)
    throw new StepError(
      "JupyterLab",
      `it ended with code ${code}`,
      "read its last lines above; a port in use is mended by npm start -- --port=8890",
    );
}
