import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { identityOf } from "../../processes.ts";

/** A takeover takes microseconds; one that is older belongs to a process that died in it. */
const TAKEOVER_MS = 10_000;
/** Between making a lock and naming its holder. */
const NAMING_MS = 5000;

/** A lock that this process holds. */
export interface Lock {
  release(): void;
}

/** Takes the lock, or gives undefined while a living process has it. That of a dead process is taken over. */
export function tryLock(file: string): Lock | undefined {
  return create(file) ?? (isStale(file) ? takeOver(file) : undefined);
}

/** Waits for the lock, telling once that it has to. */
export async function waitForLock(file: string, { signal, onWait }: WaitOptions = {}): Promise<Lock> {
  for (let told = false; ; told = true) {
    const lock = tryLock(file);
    if (lock) return lock;
    if (!told) onWait?.();
    signal?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onWait?: (() => void) | undefined;
}

function create(file: string): Lock | undefined {
  try {
    writeFileSync(file, `${identityOf(process.pid)}`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  }
  return {
    release() {
      if (read(file) === identityOf(process.pid)) rmSync(file, { force: true });
    },
  };
}

/** Two that find the same dead lock must not remove each other's new one, so removing it has a lock as well. */
function takeOver(file: string): Lock | undefined {
  const guard = `${file}.takeover`;
  if (ageOf(guard) > TAKEOVER_MS) rmSync(guard, { force: true });
  const guarded = create(guard);
  if (!guarded) return undefined;
  try {
    if (isStale(file)) rmSync(file, { force: true });
    return create(file);
  } finally {
    guarded.release();
  }
}

function isStale(file: string): boolean {
  const held = read(file);
  if (held === undefined) return false;
  const pid = Number.parseInt(held, 10);
  return Number.isNaN(pid) ? ageOf(file) > NAMING_MS : held !== identityOf(pid);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function ageOf(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return -1;
  }
}
