import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { readdir, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { UsageError } from "../errors.ts";
import { isAlive } from "../processes.ts";

const PREFIX = "outgrow-duckdb-";

/** Folders of this process that may exist now; removed at its end whatever happens. */
const held = new Set<string>();
const swept = new Map<string, Promise<void>>();
let isWatching = false;

export interface TempFolder {
  readonly path: string;
  /** Bytes that the disk can still take. */
  readonly free: number;
  remove(): Promise<void>;
}

/**
 * A folder name of our own for spilled data; the engine makes the folder when it spills. It is removed by `remove`, at
 * the end of the process, or, when the process was killed, by the next one that opens the engine.
 *
 * @throws {UsageError} E_TEMP_FOLDER where the folder for temporary files is not there
 */
export async function holdTempFolder(root = tmpdir()): Promise<TempFolder> {
  watchExit();
  const sweeping = swept.get(root) ?? sweep(root);
  swept.set(root, sweeping);
  await sweeping;
  const folder = path.join(root, `${PREFIX}${process.pid}-${randomBytes(4).toString("hex")}`);
  const disk = await statfs(root).catch((cause: unknown) => {
    throw new UsageError("E_TEMP_FOLDER", `the folder for temporary files, ${root}, cannot be used`, {
      hint: "make it, or set TMPDIR to one that is there and start again",
      cause,
    });
  });
  held.add(folder);
  return {
    path: folder,
    free: disk.bavail * disk.bsize,
    remove: async () => {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      held.delete(folder);
    },
  };
}

function watchExit(): void {
  if (isWatching) return;
  isWatching = true;
  process.once("exit", () => {
    for (const folder of held) rmSync(folder, { recursive: true, force: true });
  });
}

/** Removes what killed processes left. A folder whose process id lives on is left alone. */
async function sweep(root: string): Promise<void> {
  const names = await readdir(root).catch(() => []);
  const stale = names.filter(
    (name) => name.startsWith(PREFIX) && isGone(Number.parseInt(name.slice(PREFIX.length), 10)),
  );
  await Promise.all(
    stale.map((name) => rm(path.join(root, name), { recursive: true, force: true }).catch(() => undefined)),
  );
}

/** A name without an id is not of ours. */
function isGone(pid: number): boolean {
  return Number.isSafeInteger(pid) && !isAlive(pid);
}
