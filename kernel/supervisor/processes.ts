import { listProcesses, type ProcessEntry } from "./process-table.ts";

/** A process with all below it, deepest first: taken while it lives, since orphans cannot be found. */
export function familyOf(pid: number | undefined): readonly number[] {
  return pid === undefined ? [] : [...descendants(pid).map((each) => each.pid), pid];
}

/** Kills a family and the group of its head: what was started since the family was taken. */
export function killFamily(family: readonly number[]): void {
  const head = family.at(-1);
  if (head === undefined) return;
  signal(-head, "SIGKILL");
  for (const pid of family) signal(pid, "SIGKILL");
}

/** The programs that a cell waits for get what Ctrl-C would send, or their end: those of its group, not servers that left it. */
export function signalChildren(pid: number | undefined, name: "SIGINT" | "SIGKILL"): void {
  if (pid === undefined) return;
  // Who starts others is first: a shell whose program has ended would begin the next one.
  for (const each of descendants(pid).toReversed()) if (each.group === pid) signal(each.pid, name);
}

function descendants(pid: number): readonly ProcessEntry[] {
  const children = new Map<number, ProcessEntry[]>();
  for (const each of listProcesses()) children.set(each.parent, [...(children.get(each.parent) ?? []), each]);
  const below = (at: number): ProcessEntry[] => (children.get(at) ?? []).flatMap((each) => [...below(each.pid), each]);
  return below(pid);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has gone already.
  }
}
