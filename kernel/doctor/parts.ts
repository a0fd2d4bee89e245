import net from "node:net";
import { totalmem } from "node:os";
import { EngineError } from "../../src/errors.ts";
import { distFile } from "../../src/paths.ts";
import { formatBytes } from "../../src/units.ts";
import type { Executor as ExecutorProcess } from "../supervisor/executor.ts";
import { attempt, commandLine, type Finding, reinstall } from "./finding.ts";

/** What Outgrow itself is made of, each part tried for real. */
export async function* checkParts(): AsyncGenerator<Finding> {
  yield nodeVersion();
  yield memoryLimit();
  yield attempt("loopback", loopbackCure, checkLoopback);
  const packages: readonly (readonly [part: string, check: () => Promise<string>])[] = [
    ["sockets (zeromq)", checkSockets],
    ["compiler (oxc)", checkCompiler],
    ["engine (DuckDB)", checkEngine],
    ["frames (Danfo)", checkFrames],
    ["types (TypeScript)", checkTypes],
    ["a cell", checkCell],
  ];
  for (const [part, check] of packages) yield attempt(part, reinstall(), check);
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  const version = `v${process.versions.node}`;
  const says = ok ? version : `${version} is too old: Outgrow needs 20.19 or newer`;
  return { part: "Node", ok, says, cure: `nvm install 22 && ${commandLine("install")}` };
}

/** The processes of one kernel take 400 MiB before a cell has loaded anything. */
const LEAST_MEMORY = 2 ** 30;

function memoryLimit(): Finding {
  const container = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  const limit = Math.min(container, totalmem());
  const whose = container < totalmem() ? "of this container" : "of this machine";
  const ok = limit >= LEAST_MEMORY;
  const says = `${formatBytes(limit)} ${whose}${ok ? "" : `, and a kernel with its first data needs ${formatBytes(LEAST_MEMORY)}`}`;
  const cure = `give the container more, as by docker run --memory=2g; %typecheck off in a notebook saves the 120 MiB of the type service`;
  return { part: "memory", ok, says, cure };
}

/** A connection to this machine itself, by which Jupyter and the kernel speak. */
async function checkLoopback(): Promise<string> {
  const server = net.createServer((socket) => socket.end());
  try {
    const { port } = await new Promise<net.AddressInfo>((resolve, reject) => {
      server.once("error", reject).listen(0, "127.0.0.1", () => resolve(server.address() as net.AddressInfo));
    });
    await new Promise<void>((resolve, reject) => {
      const socket = net.connect({ port, host: "127.0.0.1", timeout: CONNECT_MS });
      const late = () => new EngineError("E_LOOPBACK", "a connection to 127.0.0.1 gets no answer");
      socket.once("connect", () => resolve()).once("error", reject);
      socket.once("timeout", () => reject(late())).once("close", () => socket.destroy());
    });
    return "connects to 127.0.0.1";
  } finally {
    server.close();
  }
}

const CONNECT_MS = 3000;

function loopbackCure(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (/^E(?:ADDRNOTAVAIL|NETUNREACH)$/.test(code ?? "") && process.platform === "linux")
    return "sudo ip link set lo up";
  return "let programs of this machine listen on and connect to 127.0.0.1: a firewall, sandbox or container forbids it";
}

async function checkSockets(): Promise<string> {
  const { Sockets } = await import("../wire/sockets.ts");
  const [shellPort = 0, iopubPort = 0, stdinPort = 0, controlPort = 0, heartbeatPort = 0] = await freePorts(5);
  const ports = { shellPort, iopubPort, stdinPort, controlPort, heartbeatPort };
  const sockets = new Sockets({ transport: "tcp", ip: "127.0.0.1", key: "", ...ports });
  await sockets.bind({ onMessage: () => undefined, onRefused: () => undefined, onFull: () => undefined });
  await sockets.close();
  return "five sockets bound on loopback";
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => net.createServer());
  const listening = servers.map(
    (server) =>
      new Promise<number>((resolve, reject) => {
        server.once("error", reject).listen(0, "127.0.0.1", () => resolve((server.address() as net.AddressInfo).port));
      }),
  );
  const ports = await Promise.all(listening);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function checkCompiler(): Promise<string> {
  const [{ compileCell }, { CellScope }] = await Promise.all([
    import("../cell/compile.ts"),
    import("../cell/scope.ts"),
  ]);
  compileCell("const answer: number = 42", { filename: "cell-1.ts", scope: new CellScope(), magics: new Map() });
  return "compiles a cell";
}

async function checkEngine(): Promise<string> {
  const { openDuckdb } = await import("../../src/duckdb/session.ts");
  const session = await openDuckdb();
  await session.close();
  return "opens with its own memory limit";
}

async function checkFrames(): Promise<string> {
  const { frameFromColumns } = await import("../../src/frame/frame.ts");
  const frame = frameFromColumns([{ name: "a", type: "int32", values: Int32Array.of(1, 2) }]);
  return `builds a frame of ${frame.shape[0]} rows`;
}

/** A cell with a type error must be told so: that the package is there says nothing of its native server. */
async function checkTypes(): Promise<string> {
  const { createLanguageService } = await import("../language/service.ts");
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
  const { Executor } = await import("../supervisor/executor.ts");
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
