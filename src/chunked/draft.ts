import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { chmod, open, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { EngineError, Interrupted, UsageError } from "../errors.ts";
import { isAlive } from "../processes.ts";
import { fullDisk } from "../source/full-disk.ts";

interface Named {
  readonly path: string;
}

/** Drafts of this process that may exist now. */
const drafts = new Set<string>();
let isWatching = false;
/** A server that was stopped may still put its last part into a folder that is removed. */
const REMOVED = { force: true, recursive: true, maxRetries: 5 } as const;

/**
 * Lets `write` fill a draft, a file or a folder, beside the target and puts it in its place when it is whole: behind a link in the place of what
 * it leads to, and with the permissions of the file that was there. Of a draft that failed nothing is left, nor of one
 * whose process was killed, once another result goes to the same file.
 */
export async function throughDraft<T>(
  named: Named,
  signal: AbortSignal | undefined,
  write: (draft: string) => Promise<T>,
): Promise<T> {
  const target = { path: await realpath(named.path).catch(() => named.path) };
  const before = await stat(target.path).catch(() => undefined);
  // A name may have 255 bytes, and the longest sign takes four.
  const prefix = `.${[...path.basename(target.path)].slice(0, 50).join("")}.outgrow-`;
  await sweep(path.dirname(target.path), prefix);
  const draft = path.join(path.dirname(target.path), `${prefix}${process.pid}-${randomBytes(4).toString("hex")}`);
  await tryWriting(draft, target);
  watchExit();
  drafts.add(draft);
  try {
    const value = await write(draft);
    if (signal?.aborted) throw new Interrupted();
    if (before) await chmod(draft, before.mode & 0o7777);
    await rename(draft, target.path);
    return value;
  } catch (failure) {
    throw withRoom(failure, draft, target);
  } finally {
    await rm(draft, REMOVED);
    drafts.delete(draft);
  }
}

/** An engine would tell a folder that cannot be written as a fault of the data. */
async function tryWriting(draft: string, { path: to }: Named): Promise<void> {
  try {
    await (await open(draft, "wx")).close();
    await rm(draft);
  } catch (cause) {
    throw new UsageError("E_BAD_TARGET", `"${to}" cannot be written: ${(cause as Error).message.split(",")[0]}`, {
      cause,
      hint: "name a file in a folder that you may write to",
    });
  }
}

/** A full disk is told as that of the target where it is. */
function withRoom(failure: unknown, draft: string, { path: to }: Named): unknown {
  const full = fullDisk(failure, path.basename(draft));
  if (full === undefined) return failure;
  return new EngineError("E_NO_SPACE", `${full}: "${to}" was not written`, {
    cause: failure,
    hint: "free disk space, or name a file on a larger disk; .parquet is the smallest",
  });
}

function watchExit(): void {
  if (isWatching) return;
  isWatching = true;
  process.once("exit", () => {
    for (const draft of drafts) rmSync(draft, REMOVED);
  });
}

async function sweep(folder: string, prefix: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix));
  const left = names.filter((name) => {
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    return Number.isSafeInteger(pid) && !isAlive(pid);
  });
  await Promise.all(left.map((name) => rm(path.join(folder, name), REMOVED)));
}
