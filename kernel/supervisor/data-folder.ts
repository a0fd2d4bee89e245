import os from "node:os";
import path from "node:path";

/** Where Outgrow keeps what outlives a session: `OUTGROW_DATA_DIR`, else the user's data folder of this system. */
export function dataFolder(): string {
  const { env } = process;
  if (env.OUTGROW_DATA_DIR) return env.OUTGROW_DATA_DIR;
  if (process.platform === "darwin") return path.join(os.homedir(), "Library", "Application Support", "outgrow");
  if (process.platform === "win32") return path.join(env.LOCALAPPDATA ?? os.homedir(), "outgrow");
  return path.join(env.XDG_DATA_HOME ?? path.join(os.homedir(), ".local", "share"), "outgrow");
}
