import path from "node:path";
import { run, step } from "./step.mjs";

/** `npm ci` by the npm that runs us: same version, no shell, no `npm.cmd` on Windows. */
export function installPackages(root) {
  return step(
    "npm packages",
    {
      stamp: path.join(root, "node_modules", ".outgrow"),
      inputs: ["package-lock.json", ".npmrc"].map((file) => path.join(root, file)),
      cure: "check that npm reaches its registry (npm ping), then run the same command again",
    },
    () => run(...npmCommand(["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]), { cwd: root }),
  );
}

function npmCommand(args) {
  const npm = process.env.npm_execpath;
  if (npm) return [process.execPath, [npm, ...args]];
  return [process.platform === "win32" ? "npm.cmd" : "npm", args];
}
