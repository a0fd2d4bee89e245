import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { StepError } from "./step.mjs";

const WAIT_MS = 10 * 60_000;

/** One set-up at a time in a folder: a second one waits for the first; the lock of a dead process is taken over. */
export async function withLock(file, work) {
  await takeLock(file);
  const release = () => rmSync(file, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    release();
    process.off("exit", release);
  }
}

async function takeLock(file) {
  const deadline = Date.now() + WAIT_MS;
  let said = false;
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const holder = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
    if (holder && !isAlive(holder)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!said) console.log(`• waiting for another set-up in this folder (process ${holder})`);
    said = true;
    if (Date.now() > deadline)
      throw new StepError(
        "lock",
        `process ${holder} has held ${file} for 10 minutes`,
        `end that process or remove ${file}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
