import { readFileSync } from "node:fs";

/**
 * Whether a process lives. One that has ended does not, also while it waits as a zombie to be fetched by its parent, which a
 * container's first process may never do; outside of Linux nothing tells those apart.
 */
export function isAlive(pid: number): boolean {
  return identityOf(pid) !== undefined;
}

/** A process's id with the time of its start where that can be read, since ids are used again; undefined of one that does not live. */
export function identityOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return undefined;
  }
  const fields = process.platform === "linux" ? statFields(pid) : [];
  const [state] = fields;
  return state === "Z" || state === "X" ? undefined : `${pid} ${fields[19] ?? ""}`;
}

/**
 * What Linux tells of a process, from its state on; the name of its program before that stands in brackets and may hold anything. Empty
 * for one that has gone.
 */
export function statFields(pid: number): readonly string[] {
  const stat = readProc(pid, "stat");
  return stat === "" ? [] : stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** A file of Linux about a process; empty where there is none. */
export function readProc(pid: number, file: "stat" | "status" | "cmdline"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
