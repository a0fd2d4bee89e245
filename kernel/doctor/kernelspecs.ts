import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { distFile, packageVersion } from "../../src/paths.ts";
import { jupyterDataFolder } from "../install.ts";
import { commandLine, type Finding, quote } from "./finding.ts";

/** As `jupyter kernelspec list --json` gives it. */
export interface Kernelspec {
  readonly name: string;
  readonly resource_dir: string;
  readonly spec: { readonly argv: readonly string[] };
}

/** Each kernelspec of an Outgrow: whether it starts this one. */
export function* checkKernelspecs(specs: readonly Kernelspec[]): Generator<Finding> {
  const ours = specs.filter(({ spec }) => MAIN.test(spec.argv[1] ?? ""));
  if (ours.length === 0) {
    const says = "not registered with this Jupyter";
    yield { part: "kernelspec", ok: false, says, cure: commandLine("install") };
  }
  for (const spec of ours) {
    const fault = faultOf(spec.spec.argv);
    const part = spec.name === "outgrow" ? "kernelspec" : `kernelspec ${spec.name}`;
    yield { part, ok: fault === undefined, says: fault ?? "registered", cure: installAgain(spec) };
  }
}

const MAIN = /[\\/]dist[\\/]kernel[\\/]main\.js$/;

function faultOf([node = "", main = ""]: readonly string[]): string | undefined {
  if (!existsSync(main))
    return `it starts ${main}, which is gone: the folder was moved, removed, or is of another machine`;
  const asked = spawnSync(node, ["--version"], { encoding: "utf8", timeout: 10_000 });
  if (asked.error || asked.status !== 0) return `it starts ${node}, which is gone or does not run here`;
  if (realpathSync(main) === realpathSync(distFile("kernel/main.js"))) return undefined;
  const version = versionOf(main);
  return version === packageVersion()
    ? undefined
    : `it starts Outgrow ${version} (${main}), and this is ${packageVersion()}`;
}

function versionOf(main: string): string {
  try {
    return JSON.parse(readFileSync(path.join(path.dirname(main), "..", "..", "package.json"), "utf8")).version;
  } catch {
    return "of an unknown version";
  }
}

/** The same kernelspec, in the same place. */
function installAgain({ name, resource_dir }: Kernelspec): string {
  const data = path.resolve(resource_dir, "..", "..");
  const isUsers = data === path.resolve(jupyterDataFolder());
  const prefix = path.join("share", "jupyter");
  const where = isUsers
    ? ""
    : data.endsWith(path.sep + prefix)
      ? ` --prefix ${quote(data.slice(0, -prefix.length - 1))}`
      : "";
  const named = name === "outgrow" ? "" : ` --name ${name}`;
  const command = commandLine(`install${where}${named}`);
  return isUsers || where ? command : `export JUPYTER_DATA_DIR=${quote(data)} && ${command}`;
}
