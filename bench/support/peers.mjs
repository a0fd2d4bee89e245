// The environment of Python that the benches' peers live in, made from bench/requirements.txt when it is not there.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
/** Data and environments of the benches; nothing of it is kept under version control. */
export const folder = path.join(root, ".outgrow/bench");

/** Path of its Python. */
export function peersPython() {
  const python = path.join(folder, process.platform === "win32" ? "venv/Scripts/python.exe" : "venv/bin/python");
  if (existsSync(python)) return python;
  run(process.env.PYTHON ?? "python3", ["-m", "venv", path.join(folder, "venv")]);
  const wanted = path.join(root, "bench/requirements.txt");
  run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted]);
  return python;
}

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
}

export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
