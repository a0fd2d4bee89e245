import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { EngineError } from "../src/errors.ts";
import { distFile, packageRoot, packageVersion } from "../src/paths.ts";
import type { Executor as ExecutorProcess } from "./supervisor/executor.ts";

interface Finding {
  readonly part: string;
  readonly ok: boolean;
  readonly says: string;
  readonly cure?: string | undefined;
}

/** Checks each part by itself and says what to do; the exit code is the number of parts that fail. */
export async function doctor(): Promise<number> {
  // A package that fails while it is loaded is told of twice: by its import, which is heard below, and as a rejection of nobody's.
  process.on("unhandledRejection", () => undefined);
  console.log(`Outgrow ${packageVersion()} in ${packageRoot()}\n`);
  const findings = [
    nodeVersion(),
    await loads("sockets (zeromq)", checkSockets),
    await loads("compiler (oxc)", checkCompiler),
  ];
  findings.push(await loads("engine (DuckDB)", checkEngine), await loads("frames (Danfo)", checkFrames));
  findings.push(await loads("types (TypeScript)", checkTypes), await loads("a cell", checkCell), ...jupyter());
  for (const { part, ok, says, cure } of findings) {
    console.log(`${ok ? "✓" : "✗"} ${part}: ${says}`);
    if (!ok && cure) console.log(`    what to do: ${cure}`);
  }
  const failed = findings.filter(({ ok }) => !ok).length;
  console.log(failed === 0 ? "\nAll parts work." : `\n${failed} of ${findings.length} parts need attention.`);
  return failed;
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return { part: "Node", ok, says: process.version, cure: "install Node 20.19 or newer, then outgrow install again" };
}

async function loads(part: string, check: () => Promise<string>): Promise<Finding> {
  try {
    return { part, ok: true, says: await check() };
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    return {
      part,
      ok: false,
      says,
      cure: "install Outgrow again (npm install -g outgrow); this platform may lack a prebuilt package",
    };
  }
}

async function checkSockets(): Promise<string> {
  const { Sockets } = await import("./wire/sockets.ts");
  const ports = { shellPort: 0, iopubPort: 0, stdinPort: 0, controlPort: 0, heartbeatPort: 0 };
  const sockets = new Sockets({ transport: "tcp", ip: "127.0.0.1", key: "", ...anyPorts(ports) });
  await sockets.bind({ onMessage: () => undefined, onRefused: () => undefined, onFull: () => undefined });
  await sockets.close();
  return "five sockets bound on loopback";
}

/** Port numbers that nobody else is likely to hold, for the length of the check. */
function anyPorts<T extends Readonly<Record<string, number>>>(ports: T): T {
  const base = 42_000 + (process.pid % 4000) * 5;
  return Object.fromEntries(Object.keys(ports).map((name, index) => [name, base + index])) as T;
}

async function checkCompiler(): Promise<string> {
  const [{ compileCell }, { CellScope }] = await Promise.all([import("./cell/compile.ts"), import("./cell/scope.ts")]);
  compileCell("const answer: number = 42", { filename: "cell-1.ts", scope: new CellScope(), magics: new Map() });
  return "compiles a cell";
}

async function checkEngine(): Promise<string> {
  const { openDuckdb } = await import("../src/duckdb/session.ts");
  const session = await openDuckdb();
  await session.close();
  return "opens with its own memory limit";
}

async function checkFrames(): Promise<string> {
  const { frameFromColumns } = await import("../src/frame/frame.ts");
  const frame = frameFromColumns([{ name: "a", type: "int32", values: Int32Array.of(1, 2) }]);
  return `builds a frame of ${frame.shape[0]} rows`;
}

/** A cell with a type error must be told so: that the package is there says nothing of its native server. */
async function checkTypes(): Promise<string> {
  const { createLanguageService } = await import("./language/service.ts");
  const service = createLanguageService({ notebookDir: process.cwd() });
  try {
    const found = await service.checkCell({ id: "doctor", code: "const answer: number = 'forty-two'" });
    if (!found.some(({ code }) => code === "TS2322"))
      throw new EngineError("E_TYPES", "the type service answers, and misses a wrong type");
    return "finds a wrong type";
  } finally {
    await service.close();
  }
}

/** The process where cells run, with its sentinel, as the kernel starts it. */
async function checkCell(): Promise<string> {
  const { Executor } = await import("./supervisor/executor.ts");
  let executor: ExecutorProcess | undefined;
  try {
    const shown = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(noCell("it did not answer within 20 s")), 20_000);
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        act();
      };
      executor = new Executor(distFile("kernel/executor/main.js"), {
        onMessage: (message) => {
          if (message.type === "ready") executor?.send(ONE_CELL);
          else if (message.type === "done")
            settle(() =>
              message.result
                ? resolve(String(Object.values(message.result.data).at(-1)))
                : reject(noCell(message.failure?.evalue)),
            );
        },
        onRaw: () => undefined,
        onDeath: (cause) => settle(() => reject(noCell(cause))),
      });
    });
    return `6 * 7 gives ${shown}`;
  } finally {
    await executor?.close();
  }
}

const ONE_CELL = {
  type: "run",
  cell: 1,
  code: "6 * 7",
  executionCount: 1,
  silent: false,
  userExpressions: {},
  allowStdin: false,
} as const;

function noCell(why = "it failed"): EngineError {
  return new EngineError("E_NO_CELL", `a cell does not run: ${why}`);
}

function jupyter(): Finding[] {
  const main = distFile("kernel/main.js");
  const listed = spawnSync("jupyter", ["kernelspec", "list", "--json"], { encoding: "utf8", timeout: 30_000 });
  if (listed.error || listed.status !== 0) {
    const own = path.join(packageRoot(), ".venv", "bin", "jupyter");
    const says = existsSync(own)
      ? "not on PATH; this folder's own is in .venv (npm start uses it)"
      : "not found on PATH";
    return [
      { part: "Jupyter", ok: existsSync(own), says, cure: "pip install jupyterlab, or use npm start in a clone" },
    ];
  }
  const specs: {
    readonly kernelspecs?: Readonly<Record<string, { readonly spec: { readonly argv: readonly string[] } }>>;
  } = JSON.parse(listed.stdout);
  const ours = Object.values(specs.kernelspecs ?? {}).find(({ spec }) => spec.argv.includes(main));
  return [
    { part: "Jupyter", ok: true, says: "found on PATH" },
    {
      part: "kernelspec",
      ok: ours !== undefined,
      says: ours ? "registered" : "not registered with this Jupyter",
      cure: "outgrow install (or outgrow install --sys-prefix inside an environment)",
    },
    exportSetting(),
  ];
}

/** nbconvert's default list of tags lacks those of tables, so that JupyterLab's Export as HTML shows every table as text. */
function exportSetting(): Finding {
  const show = "from nbconvert.preprocessors import SanitizeHTML; print('table' in SanitizeHTML().tags)";
  const asked = spawnSync("python3", ["-c", show], { encoding: "utf8", timeout: 30_000 });
  const says =
    asked.stdout?.trim() === "True"
      ? "tables are kept"
      : "Export as HTML (sanitised) shows tables of every kernel as text";
  return {
    part: "export",
    ok: true,
    says: `${says}; the setting is c.HTMLExporter.filters (clean_html) in jupyter_server_config.py`,
  };
}
