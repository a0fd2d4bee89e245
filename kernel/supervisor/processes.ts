import { readdirSync, readFileSync } from "node:fs";

/** Kills a process with all that it started: its group, and descendants that left the group. */
export function killTree(pid: number | undefined): void {
  if (pid === undefined) return;
  const all = [...descendants(pid), pid];
  signal(-pid, "SIGKILL");
  for (const each of all) signal(each, "SIGKILL");
}

/** What Ctrl-C would do to the programs that a cell waits for. */
export function interruptChildren(pid: number | undefined): void {
  if (pid === undefined) return;
  for (const each of descendants(pid)) signal(each, "SIGINT");
}

/** Processes below a process, by /proc; elsewhere none, and the group has to do. */
function descendants(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const name of listProc()) {
    const parent = parentOf(name);
    if (parent !== undefined) parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  const visit = (at: number): void => {
    for (const each of parents.get(at) ?? []) {
      visit(each);
      found.push(each);
    }
  };
  visit(pid);
  return found;
}

function listProc(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function parentOf(pid: string): number | undefined {
  try {
    // The command name stands in brackets and may hold anything, so the fields are counted after it.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has gone already.
  }
}
