import { mkdirSync } from "node:fs";

/** The folder of this test run, in which test files share what is dear to start; `test/setup.ts` makes and removes it. */
export function runFolder(): string {
  const folder = process.env.OUTGROW_TEST_RUN;
  if (!folder) throw new Error("test/setup.ts did not run");
  return folder;
}

/** The process of the whole run: what is shared ends with it. */
export function runPid(): string {
  return process.env.OUTGROW_TEST_PID ?? "";
}

/** Whether this test file is the first that asks for a folder of this name, and so the one that starts what goes with it. */
export function takeLock(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
