import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { UsageError } from "../src/errors.ts";
import { distFile } from "../src/paths.ts";

export interface InstallOptions {
  /** The kernelspec's folder name. */
  readonly name?: string | undefined;
  readonly displayName?: string | undefined;
  /** Install below DIR/share/jupyter instead of the user's data folder. */
  readonly prefix?: string | undefined;
}

/** Writes the kernelspec and gives its folder. */
export function installKernel(options: InstallOptions = {}): string {
  const folder = specFolder(options);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "kernel.json"), `${JSON.stringify(kernelSpec(options), null, 2)}\n`);
  writeFileSync(path.join(folder, "logo-svg.svg"), LOGO);
  return folder;
}

/**
 * Removes the kernelspec and gives its folder.
 *
 * @throws {UsageError} E_NO_KERNEL when there is none
 */
export function uninstallKernel(options: InstallOptions = {}): string {
  const folder = specFolder(options);
  if (!existsSync(folder))
    throw new UsageError("E_NO_KERNEL", `there is no kernel in ${folder}`, {
      hint: "give the options that it was installed with; jupyter kernelspec list says where kernels are",
    });
  rmSync(folder, { recursive: true });
  return folder;
}

function kernelSpec(options: InstallOptions): object {
  return {
    argv: [process.execPath, distFile("kernel/main.js"), "kernel", "{connection_file}"],
    display_name: options.displayName ?? "TypeScript (Outgrow)",
    language: "typescript",
    interrupt_mode: "message",
    kernel_protocol_version: "5.5",
    metadata: { debugger: true, supported_encryption: ["curve"] },
  };
}

function specFolder({ name = "outgrow", prefix }: InstallOptions): string {
  if (!/^[a-z0-9._-]+$/i.test(name))
    throw new UsageError("E_BAD_NAME", `"${name}" cannot name a kernel`, {
      hint: "use letters, digits, dots, dashes and underscores",
    });
  const data = prefix ? path.join(path.resolve(prefix), "share", "jupyter") : jupyterDataFolder();
  return path.join(data, "kernels", name);
}

/** Where Jupyter writes connection files (jupyter_core's rules). */
export function jupyterRuntimeFolder(): string {
  return process.env.JUPYTER_RUNTIME_DIR || path.join(jupyterDataFolder(), "runtime");
}

/** Where Jupyter looks for a user's kernels (jupyter_core's rules). */
export function jupyterDataFolder(): string {
  const { env } = process;
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (process.platform === "darwin") return path.join(os.homedir(), "Library", "Jupyter");
  if (process.platform === "win32")
    return path.join(env.APPDATA ?? path.join(os.homedir(), "AppData", "Roaming"), "jupyter");
  return path.join(env.XDG_DATA_HOME ?? path.join(os.homedir(), ".local", "share"), "jupyter");
}

/** Three chunks, the last one growing out of its frame. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">
  <rect x="6" y="6" width="52" height="52" rx="8" fill="none" stroke="#3178c6" stroke-width="5"/>
  <rect x="15" y="38" width="8" height="12" fill="#3178c6"/>
  <rect x="28" y="27" width="8" height="23" fill="#3178c6"/>
  <path d="M41 50V12l4-8 4 8v38z" fill="#e8833a"/>
</svg>
`;
