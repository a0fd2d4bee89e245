import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/**
 * End-to-end tests run what users run, so dist is built first; OUTGROW_BUILT=1 says that it just was. The run has a folder of its
 * own, in which the test files share what is dear to start; what lives there ends with the folder.
 */
export function setup(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), "outgrow-test-run-"));
  process.env.OUTGROW_TEST_RUN = folder;
  process.env.OUTGROW_TEST_PID = String(process.pid);
  if (process.env.OUTGROW_BUILT !== "1") {
    const script = fileURLToPath(new URL("../scripts/build.mjs", import.meta.url));
    execFileSync(process.execPath, [script, "--no-types"], { stdio: "inherit" });
  }
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
