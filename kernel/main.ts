#!/usr/bin/env node
import { parseArgs } from "node:util";

const USAGE = `outgrow: a TypeScript kernel for Jupyter, for data that outgrows memory

  outgrow install [--user | --sys-prefix | --prefix DIR] [--name NAME] [--display-name TEXT]
                                   register the kernel with Jupyter
  outgrow uninstall                take it away again (same options)
  outgrow doctor [PART …]          check each part and say what to do
  outgrow profile SOURCE           memory and shape of a file before loading it
  outgrow chunked SOURCE --by … --agg …
                                   aggregate a file in bounded memory
  outgrow spark-config [SOURCE]    Spark settings for this data and machine
  outgrow spark ACTION             install, start, status or stop a local Spark server
  outgrow kernel CONNECTION_FILE   run the kernel (Jupyter does this)

Each of profile, chunked, spark-config and spark tells more with --help.
`;

/** Of which the lines above say all. */
const HELPED_HERE: ReadonlySet<string> = new Set(["install", "uninstall", "doctor"]);

/** Each command loads only what it needs: the kernel's start is measured in milliseconds. */
async function main([command, ...rest]: readonly string[]): Promise<number> {
  if (HELPED_HERE.has(command ?? "") && rest.some((word) => word === "--help" || word === "-h")) return main(["help"]);
  switch (command) {
    case "kernel": {
      const { runKernel } = await import("./supervisor/run.ts");
      await runKernel(rest[0] ?? "");
      return 0;
    }
    case "install":
    case "uninstall":
      return register(command, rest);
    case "doctor": {
      const { doctor } = await import("./doctor/doctor.ts");
      return doctor(rest);
    }
    case "profile":
    case "chunked":
    case "spark-config":
    case "spark": {
      const { runCommand } = await import("./commands.ts");
      return runCommand(command, rest);
    }
    case "--version":
    case "-v": {
      const { packageVersion } = await import("../src/paths.ts");
      console.log(packageVersion());
      return 0;
    }
    case undefined:
    case "help":
    case "--help":
    case "-h":
      console.log(USAGE);
      return command === undefined ? 2 : 0;
    default:
      console.error(`outgrow has no command "${command}".\n\n${USAGE}`);
      return 2;
  }
}

async function register(command: "install" | "uninstall", args: readonly string[]): Promise<number> {
  const { installKernel, uninstallKernel } = await import("./install.ts");
  const { values } = parseArgs({
    args: [...args],
    options: {
      user: { type: "boolean" },
      "sys-prefix": { type: "boolean" },
      prefix: { type: "string" },
      name: { type: "string" },
      "display-name": { type: "string" },
      quiet: { type: "boolean", short: "q" },
    },
  });
  const options = { name: values.name, displayName: values["display-name"], prefix: prefixOf(values) };
  const folder = command === "install" ? installKernel(options) : uninstallKernel(options);
  if (!values.quiet) console.log(command === "install" ? `Installed the kernel in ${folder}` : `Removed ${folder}`);
  return 0;
}

/** `--sys-prefix` means the environment that is active in this shell. */
function prefixOf(values: { readonly prefix?: string; readonly "sys-prefix"?: boolean }): string | undefined {
  if (values.prefix !== undefined) return values.prefix;
  return values["sys-prefix"] ? (process.env.VIRTUAL_ENV ?? process.env.CONDA_PREFIX ?? "/usr/local") : undefined;
}

try {
  const code = await main(process.argv.slice(2));
  if (code !== 0) process.exitCode = code;
} catch (error) {
  const { message, hint } = error as { message?: string; hint?: string };
  console.error(`outgrow: ${message ?? error}${hint ? `\n${hint}` : ""}`);
  process.exitCode = 1;
}
