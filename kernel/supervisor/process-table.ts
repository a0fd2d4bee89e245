import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { readProc, statFields } from "../../src/processes.ts";

/** Linux counts processor time for programs in these, whatever the machine. */
const TICKS_PER_SECOND = 100;

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/** All processes of the machine; on Windows none, where groups have to do. */
export function listProcesses(): readonly ProcessEntry[] {
  if (process.platform === "win32") return [];
  if (process.platform !== "linux") return listByPs();
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readStat);
}

/** Resident bytes of these processes; pages that they share count for each. */
export function residentOf(pids: readonly number[]): number {
  if (process.platform === "linux")
    return sum(pids.map((pid) => Number(/^VmRSS:\s*(\d+)/m.exec(readProc(pid, "status"))?.[1] ?? 0) * 1024));
  return sum(psColumn("rss=", pids).map((kilobytes) => Number(kilobytes) * 1024));
}

/** Processor seconds that these processes have used since they started. */
export function cpuSecondsOf(pids: readonly number[]): number {
  if (process.platform === "linux")
    return sum(pids.map((pid) => sum(statFields(pid).slice(11, 13).map(Number)) / TICKS_PER_SECOND));
  return sum(psColumn("time=", pids).map(clockSeconds));
}

function readStat(name: string): ProcessEntry[] {
  const [, parent, group] = statFields(Number(name));
  return parent === undefined ? [] : [{ pid: Number(name), parent: Number(parent), group: Number(group) }];
}

function listByPs(): readonly ProcessEntry[] {
  return ps(["-axo", "pid=,ppid=,pgid="]).flatMap((line) => {
    const [pid, parent, group] = line.trim().split(/\s+/).map(Number);
    return pid === undefined || parent === undefined || group === undefined ? [] : [{ pid, parent, group }];
  });
}

function psColumn(column: string, pids: readonly number[]): readonly string[] {
  return process.platform === "win32" ? [] : ps(["-o", column, "-p", pids.join(",")]);
}

function ps(args: readonly string[]): readonly string[] {
  const { stdout } = spawnSync("ps", args, { encoding: "utf8" });
  return (stdout ?? "").split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
}

/** Seconds of `1:02:03.45`. */
function clockSeconds(text: string): number {
  return text.split(":").reduce((seconds, part) => seconds * 60 + Number(part), 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
