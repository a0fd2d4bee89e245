import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { root } from "../support/python.ts";
import { Client, type ConnectionFields, makeConnection, writeConnection } from "./client.ts";

export interface RunningKernel {
  readonly client: Client;
  readonly process: ChildProcess;
  /** Its working folder, and data folder. */
  readonly folder: string;
  readonly exited: Promise<number | null>;
  readonly stderr: () => string;
  stop(): Promise<void>;
}

interface StartOptions {
  /** Puts a process between, whose death the kernel must notice. */
  readonly wrap?: boolean;
  /** One of its own where none is given. */
  readonly folder?: string;
  /** Of the kernel before it, as Jupyter restarts one. */
  readonly connection?: ConnectionFields;
  /** Kilobytes that a file may have. */
  readonly fileLimit?: number;
}

/** Starts the built kernel as Jupyter does. */
export async function startKernel(options: StartOptions = {}): Promise<RunningKernel> {
  const { wrap = false, folder = mkdtempSync(path.join(os.tmpdir(), "outgrow-kernel-")), fileLimit } = options;
  const connection = options.connection ?? (await makeConnection());
  const main = path.join(root, "dist", "kernel", "main.js");
  const args = [main, "kernel", writeConnection(folder, connection)];
  const env: NodeJS.ProcessEnv = { ...process.env, OUTGROW_DATA_DIR: path.join(folder, "data") };
  delete env.JPY_PARENT_PID;
  const limited = ["-c", `ulimit -f ${fileLimit} && exec "$0" "$@"`, process.execPath, ...args];
  const [command, ...words] = fileLimit
    ? ["bash", ...limited]
    : [process.execPath, ...(wrap ? ["-e", WRAPPER] : []), ...args];
  const child = spawn(command, words, { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const client = new Client(connection);
  await client.ready();
  const stop = async (): Promise<void> => {
    client.close();
    child.kill("SIGTERM");
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  return { client, process: child, folder, exited, stderr: () => stderr, stop };
}

/** The kernel of a file's tests, which ends with them. */
export async function kernelOfTests(): Promise<RunningKernel> {
  const kernel = await startKernel();
  afterAll(() => kernel.stop());
  return kernel;
}

const WRAPPER = `require("node:child_process").spawn(process.execPath, process.argv.slice(1), { stdio: "inherit" }); setInterval(() => {}, 1e6);`;

/** A kernel and all that it started, wherever they moved in the tree: they have its environment. */
export function processesIn(folder: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => environmentOf(pid).includes(`OUTGROW_DATA_DIR=${folder}`));
}

/** Resolves when none is left; gives those that are after the time. */
export async function noneLeft(folder: string, withinMs: number): Promise<readonly number[]> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const left = processesIn(folder);
    if (left.length === 0 || performance.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}
