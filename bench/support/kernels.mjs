// Deno's kernel and tslab, in a folder of their own below .outgrow/bench: peers of the kernel bench, never dependencies.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { folder } from "./peers.mjs";

const PACKAGES = {
  private: true,
  dependencies: { deno: "2.9.6", tslab: "1.0.22", zeromq: "6.8.0" },
  // The zeromq that tslab asks for has no build for this Node.
  overrides: { tslab: { zeromq: "$zeromq" } },
};

/** How each is started and told to stop, by its name. */
export function peerKernels() {
  const home = path.join(folder, "kernels");
  const bin = (name) => path.join(home, "node_modules", ".bin", name);
  if (!existsSync(bin("deno")) || !existsSync(bin("tslab"))) {
    mkdirSync(home, { recursive: true });
    writeFileSync(path.join(home, "package.json"), JSON.stringify(PACKAGES));
    const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts"];
    const { status } = spawnSync("npm", args, { cwd: home, stdio: "inherit" });
    if (status !== 0) throw new Error(`npm install in ${home} ended with ${status}`);
  }
  // npm's `deno` is a Node that starts it and stays: 43 MiB and 0.1 s and more that are not Deno's.
  const deno = createRequire(import.meta.url)(path.join(home, "node_modules/deno/install_api.cjs")).runInstall();
  return {
    deno: { argv: [deno, "jupyter", "--kernel", "--conn", "{connection_file}"], interrupt: "message" },
    tslab: { argv: [bin("tslab"), "kernel", "--config-path", "{connection_file}"], interrupt: "signal" },
  };
}
