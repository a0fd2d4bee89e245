// npm run bench -- NAME: runs bench/NAME.mjs against its peers and prints a table of ratios.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { root } from "./setup.mjs";

const names = readdirSync(path.join(root, "bench"))
  .filter((file) => file.endsWith(".mjs"))
  .map((file) => file.slice(0, -4));
const [name, ...args] = process.argv.slice(2);

if (!name || !names.includes(name)) {
  console.error(`Say which bench: npm run bench -- ${names.join(" | ")}`);
  process.exitCode = 2;
} else {
  process.exitCode =
    spawnSync(process.execPath, [path.join(root, "bench", `${name}.mjs`), ...args], { cwd: root, stdio: "inherit" })
      .status ?? 1;
}
