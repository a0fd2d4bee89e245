import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { UsageError } from "../../src/errors.ts";
import { jupyterDataFolder, jupyterRuntimeFolder } from "../install.ts";
import { dataFolder } from "../supervisor/data-folder.ts";
import { attempt, type Finding, quote } from "./finding.ts";
import { checkSecrets } from "./secrets.ts";

/** What a kernel writes at least, as a connection file, a history and a spilled table begin. */
const TRIED_BYTES = 2 ** 20;

interface Place {
  readonly part: string;
  readonly folder: string;
  /** The setting that puts it elsewhere. */
  readonly variable: string;
}

/** Whether what has to be written can be. */
export async function* checkFolders(): AsyncGenerator<Finding> {
  const places: readonly Place[] = [
    { part: "temporary files", folder: os.tmpdir(), variable: "TMPDIR" },
    { part: "history and outputs", folder: dataFolder(), variable: "OUTGROW_DATA_DIR" },
    { part: "Jupyter's data", folder: jupyterDataFolder(), variable: "JUPYTER_DATA_DIR" },
    { part: "Jupyter's connection files", folder: jupyterRuntimeFolder(), variable: "JUPYTER_RUNTIME_DIR" },
  ];
  for (const place of places)
    yield attempt(
      place.part,
      (error) => cureOf(error, place),
      () => tryToWrite(place.folder),
    );
  yield* checkSecrets();
}

/** In the folder, or, since nothing is made that was not there, in the one in which it would be made. */
function tryToWrite(folder: string): string {
  const there = nearestThere(folder);
  if (!statSync(there).isDirectory())
    throw new UsageError("E_FOLDER", `${folder} cannot be made: ${there} is a file`, { cause: { code: "ENOTDIR" } });
  const file = path.join(there, `.outgrow-doctor-${process.pid}`);
  try {
    writeFileSync(file, Buffer.alloc(TRIED_BYTES), { flag: "wx" });
  } catch (cause) {
    const why = WHY[codeOf(cause)] ?? String((cause as Error).message);
    throw new UsageError("E_FOLDER", `${there} ${why}`, { cause });
  } finally {
    rmSync(file, { force: true });
  }
  return there === folder ? folder : `${folder}, which can be made`;
}

const WHY: Readonly<Record<string, string>> = {
  ENOSPC: "is full",
  EDQUOT: "is full: it takes no more than this user's quota",
  EROFS: "can only be read",
  EACCES: "cannot be written to by this user",
  EPERM: "cannot be written to by this user",
  ENOENT: "takes no files",
};

function nearestThere(folder: string): string {
  const absolute = path.resolve(folder);
  return existsSync(absolute) || path.dirname(absolute) === absolute ? absolute : nearestThere(path.dirname(absolute));
}

function cureOf(error: unknown, { folder, variable }: Place): string {
  const code = codeOf((error as { readonly cause?: unknown }).cause);
  const there = quote(nearestThere(folder));
  if (code === "ENOSPC" || code === "EDQUOT")
    return variable === "TMPDIR"
      ? "export TMPDIR=… (a folder on a disk with room: df -h shows them)"
      : `df -h ${there} (then remove what is not needed there)`;
  if (code === "ENOTDIR") return `mv ${there} ${there}.old`;
  const isOurs = process.getuid?.() === statSync(nearestThere(folder)).uid;
  if (code === "EACCES") return isOurs ? `chmod u+rwx ${there}` : `sudo chown -R "$(id -un)" ${there}`;
  return `export ${variable}=… (a folder that this user can write to)`;
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException | undefined)?.code);
}
