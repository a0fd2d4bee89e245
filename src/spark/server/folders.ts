import { lstatSync, mkdirSync } from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import path from "node:path";
import { ConnectionError } from "../../errors.ts";
import { isClone, packageRoot } from "../../paths.ts";

/** Where Outgrow keeps Spark, Java and class archives: inside of a clone, else in the user's cache. `OUTGROW_SPARK_DIR` moves it. */
export function installFolder(): string {
  const { env } = process;
  if (env.OUTGROW_SPARK_DIR) return path.resolve(env.OUTGROW_SPARK_DIR);
  if (isClone()) return path.join(packageRoot(), ".outgrow", "spark");
  if (process.platform === "darwin") return path.join(homedir(), "Library", "Caches", "outgrow", "spark");
  if (process.platform === "win32")
    return path.join(env.LOCALAPPDATA ?? path.join(homedir(), "AppData", "Local"), "outgrow", "spark");
  return path.join(env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "outgrow", "spark");
}

/**
 * Where running servers have their sockets, tokens and scratch files: only its owner may look inside.
 *
 * @throws {ConnectionError} E_SPARK_FOLDER when somebody else has made the folder
 */
export function runtimeFolder(): string {
  const { uid, username } = userInfo();
  const folder = process.env.OUTGROW_SPARK_RUNTIME ?? path.join(tmpdir(), `outgrow-spark-${uid >= 0 ? uid : username}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  const isOurs = found.isDirectory() && (uid < 0 || (found.uid === uid && (found.mode & 0o077) === 0));
  if (!isOurs)
    throw new ConnectionError(
      "E_SPARK_FOLDER",
      `the folder ${folder} is open to others, so no token can be kept in it`,
      {
        hint: "remove it, or set TMPDIR to a folder of your own",
      },
    );
  return folder;
}
