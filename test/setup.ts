import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** End-to-end tests run what users run, so dist is built first; OUTGROW_BUILT=1 says that it just was. */
export function setup(): void {
  if (process.env.OUTGROW_BUILT === "1") return;
  const script = fileURLToPath(new URL("../scripts/build.mjs", import.meta.url));
  execFileSync(process.execPath, [script, "--no-types"], { stdio: "inherit" });
}
