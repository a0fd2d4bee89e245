import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { promisify } from "node:util";
import { statFields } from "../../src/processes.ts";

const KILL_AFTER_MS = 1000;

/** Asks a process and all below it to end, as Ctrl-C does, and kills what is left a second later. */
export async function stopTree(root: number | undefined): Promise<void> {
  if (root === undefined) return;
  const processes = below(root, await parents());
  for (const pid of processes) signal(pid, "SIGINT");
  setTimeout(() => {
    for (const pid of processes) signal(pid, "SIGKILL");
  }, KILL_AFTER_MS).unref();
}

function below(root: number, parentOf: ReadonlyMap<number, number>): number[] {
  const found = [root];
  for (let index = 0; index < found.length; index++) {
    for (const [pid, parent] of parentOf) if (parent === found[index]) found.push(pid);
  }
  return found;
}

async function parents(): Promise<Map<number, number>> {
  return process.platform === "linux" ? fromProc() : fromPs();
}

function fromProc(): Map<number, number> {
  const parentOf = new Map<number, number>();
  for (const entry of readdirSync("/proc")) {
    const [, parent] = /^\d+$/.test(entry) ? statFields(Number(entry)) : [];
    if (parent !== undefined) parentOf.set(Number(entry), Number(parent));
  }
  return parentOf;
}

async function fromPs(): Promise<Map<number, number>> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid="]);
  const rows = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  return new Map(rows.map(([pid = 0, parent = 0]) => [pid, parent]));
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}
