import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { isClone, packageRoot } from "../../src/paths.ts";
import { attempt, commandLine, type Finding, quote } from "./finding.ts";
import { checkKernelspecs, type Kernelspec } from "./kernelspecs.ts";

/** Starting Python on a busy machine. */
const LONGEST_MS = 30_000;

/** Whether there is a Jupyter that runs, and what it knows of this kernel. */
export async function* checkJupyter(): AsyncGenerator<Finding> {
  const onPath = askJupyter("jupyter");
  const folder = path.join(packageRoot(), ".venv");
  const own = existsSync(folder) ? askJupyter(path.join(folder, "bin", "jupyter")) : undefined;
  if (own && !own.specs)
    yield {
      part: "environment",
      ok: false,
      says: `${folder} is broken: ${own.why}`,
      cure: `rm -r ${quote(folder)} && ${setUp()}`,
    };
  const found = onPath.specs ?? own?.specs;
  if (!found) {
    const cure = isClone() ? setUp() : "pip install jupyterlab";
    yield {
      part: "Jupyter",
      ok: false,
      says: onPath.isMissing ? "not found on PATH" : `does not run: ${onPath.why}`,
      cure,
    };
    return;
  }
  yield {
    part: "Jupyter",
    ok: true,
    says: onPath.specs ? "found on PATH" : "in .venv of this folder; npm start uses it",
  };
  yield* checkKernelspecs(found);
  yield attempt("export", "pip install --upgrade nbconvert", exportSetting);
}

/** Of a clone: the environment, the packages, the build and the kernelspec. */
function setUp(): string {
  return isClone() ? `cd ${quote(packageRoot())} && npm start` : commandLine("install");
}

interface Told {
  readonly specs?: readonly Kernelspec[];
  readonly why?: string;
  readonly isMissing?: boolean;
}

function askJupyter(program: string): Told {
  const { error, status, stdout, stderr } = spawnSync(program, ["kernelspec", "list", "--json"], {
    encoding: "utf8",
    timeout: LONGEST_MS,
  });
  // A script whose interpreter is gone is told of as missing itself.
  if (error) return { why: existsSync(program) ? "its Python is gone" : `there is no ${program}`, isMissing: true };
  if (status !== 0) return { why: stderr.trim().split("\n").at(-1) || `it ended with ${status}` };
  try {
    const { kernelspecs = {} } = JSON.parse(stdout);
    return { specs: Object.entries<Omit<Kernelspec, "name">>(kernelspecs).map(([name, each]) => ({ ...each, name })) };
  } catch {
    return { why: "its list of kernels cannot be read" };
  }
}

/** nbconvert's default list of tags lacks those of tables, so that JupyterLab's Export as HTML shows every table as text. */
function exportSetting(): string {
  const says = keepsTables() ? "tables are kept" : "Export as HTML (sanitised) shows tables of every kernel as text";
  return `${says}; the setting is c.HTMLExporter.filters (clean_html) in jupyter_server_config.py`;
}

function keepsTables(): boolean {
  // What is imported makes folders.
  const folder = mkdtempSync(path.join(os.tmpdir(), "outgrow-doctor-"));
  const show = "from nbconvert.preprocessors import SanitizeHTML; print('table' in SanitizeHTML().tags)";
  const env = { ...process.env, IPYTHONDIR: folder, JUPYTER_DATA_DIR: folder, JUPYTER_CONFIG_DIR: folder };
  const asked = spawnSync("python3", ["-c", show], { encoding: "utf8", timeout: LONGEST_MS, env });
  rmSync(folder, { recursive: true, force: true });
  return asked.stdout?.trim() === "True";
}
