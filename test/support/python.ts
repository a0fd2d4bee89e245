import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export const python = path.join(root, ".venv", "bin", "python");

/** Where JupyterLab works: the tutorials and their generated data. */
export const workingCopy = path.join(root, ".outgrow", "notebooks");

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end and gives what it printed; never throws for an exit code. */
export async function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly input?: string } = {},
): Promise<Finished> {
  const child = spawn(command, args, { cwd: options.cwd ?? root, env: options.env ?? (await jupyterEnvironment()) });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  child.stdin.end(options.input ?? "");
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, stdout, stderr };
}

/** The environment of the private Jupyter in `.venv`. */
export async function jupyterEnvironment(): Promise<NodeJS.ProcessEnv> {
  const { jupyterEnv } = await import(path.join(root, "scripts", "setup", "jupyter.mjs"));
  return jupyterEnv(root);
}
