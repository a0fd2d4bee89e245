// A private Python environment with JupyterLab in `.venv`; nothing outside the project's folder is touched.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { writeJupyterConfig } from "./jupyter.mjs";
import { run, StepError, step } from "./step.mjs";

const UV = "uv==0.13.9";
const EXPORT_FILTER = path.join("scripts", "setup", "outgrow_export.py");

export function venvPaths(root) {
  const venv = path.join(root, ".venv");
  return { venv, ...pythonOf(venv) };
}

/** Where an environment keeps its programs. */
export function pythonOf(venv) {
  const bin = path.join(venv, process.platform === "win32" ? "Scripts" : "bin");
  return { bin, python: path.join(bin, process.platform === "win32" ? "python.exe" : "python") };
}

export function makeVenv(root) {
  const { venv, python } = venvPaths(root);
  return step(
    "Python environment with JupyterLab",
    {
      stamp: path.join(venv, ".outgrow"),
      inputs: [
        path.join(root, "requirements.txt"),
        path.join(root, "scripts", "setup", "jupyter.mjs"),
        path.join(root, EXPORT_FILTER),
      ],
      cure: "check that pip reaches its index, remove the folder .venv, then run the same command again",
    },
    async () => {
      await makePython(venv);
      // JupyterLab runs a CommonJS yarn.js below this folder: without a package.json of its own it inherits our "type": "module".
      writeFileSync(path.join(venv, "package.json"), '{"private":true}\n');
      await installRequirements(root, python, path.join(root, "requirements.txt"));
      mkdirSync(path.join(venv, "jupyter"), { recursive: true });
      writeJupyterConfig(venv);
      const packages = (await run(python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])).trim();
      copyFileSync(path.join(root, EXPORT_FILTER), path.join(packages, path.basename(EXPORT_FILTER)));
    },
  );
}

/** An empty environment in `folder`, in the place of one that may be there. */
export async function makePython(folder) {
  const base = findPython();
  rmSync(folder, { recursive: true, force: true });
  await run(base.command, [...base.args, "-m", "venv", folder]);
}

/** Said before minutes are spent on other steps. */
export function requirePython(root) {
  if (!existsSync(venvPaths(root).python)) findPython();
}

/** uv is ten times faster than pip; pip is always there. */
export async function installRequirements(root, python, requirements) {
  const env = privateEnv(root);
  const wheels = ["--only-binary", ":all:", "-r", requirements];
  try {
    await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV], { env });
    await run(python, ["-m", "uv", "pip", "install", "--quiet", "--python", python, ...wheels], { env });
  } catch {
    await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...wheels], { env });
  }
}

/** Reads nothing of the user's Python and leaves no cache in the home folder. */
function privateEnv(root) {
  const env = { ...process.env, PIP_NO_CACHE_DIR: "1", UV_NO_CACHE: "1" };
  // pip asks for Rust's version, and rustup makes a folder in the home of whoever has none.
  env.RUSTUP_HOME ??= existsSync(path.join(os.homedir(), ".rustup"))
    ? path.join(os.homedir(), ".rustup")
    : path.join(root, ".outgrow", "rustup");
  for (const name of ["PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_USER"]) delete env[name];
  return env;
}

function findPython() {
  const candidates = [
    ...(process.env.OUTGROW_PYTHON ? [{ command: process.env.OUTGROW_PYTHON, args: [] }] : []),
    { command: "python3", args: [] },
    { command: "python", args: [] },
    ...(process.platform === "win32" ? [{ command: "py", args: ["-3"] }] : []),
  ];
  let incomplete = "";
  for (const { command, args } of candidates) {
    const probe = "import sys; assert sys.version_info >= (3, 10), 'version'; import venv, ensurepip";
    const result = spawnSync(command, [...args, "-c", probe], { encoding: "utf8" });
    if (result.status === 0) return { command, args };
    if (!result.error) incomplete ||= `${command}: ${result.stderr.trim().split("\n").at(-1)}`;
  }
  throw noPython(incomplete);
}

function noPython(incomplete) {
  const step = "Python environment with JupyterLab";
  if (incomplete.includes("ensurepip") || incomplete.includes("venv"))
    return new StepError(
      step,
      `this Python cannot make environments (${incomplete})`,
      "install the package python3-venv (Debian, Ubuntu: sudo apt install python3-venv)",
    );
  if (incomplete.includes("version"))
    return new StepError(
      step,
      "the Python found is older than 3.10",
      "install Python 3.10 or newer, or set OUTGROW_PYTHON to one",
    );
  return new StepError(
    step,
    incomplete || "no Python was found (python3, python)",
    "install Python 3.10 or newer: Debian, Ubuntu: sudo apt install python3 python3-venv; Fedora: sudo dnf install python3; macOS: brew install python; Windows: winget install Python.Python.3.12; or set OUTGROW_PYTHON to its path",
  );
}
