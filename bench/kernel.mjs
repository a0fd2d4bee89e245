// The kernel beside ipykernel: start, a warm cell, memory. Interleaved rounds, medians.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { jupyterEnv } from "../scripts/setup/jupyter.mjs";
import { venvPaths } from "../scripts/setup/venv.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [rounds = "7", cells = "200"] = process.argv.slice(2);
const names = ["outgrow", "python3"];
const done = spawnSync(
  venvPaths(root).python,
  [path.join(root, "bench/peers/kernels.py"), JSON.stringify(names), rounds, cells],
  { env: jupyterEnv(root), encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
);
if (done.status !== 0) process.exit(1);
const results = JSON.parse(done.stdout);

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const measure = (name, key) => median(results[name].map((round) => round[key]));
const rows = [
  ["start to kernel_info", "start", 1000, "ms", 0.7],
  ["warm 1+1, to the reply", "reply", 1000, "ms", 0.5],
  ["warm 1+1, to idle", "idle", 1000, "ms", undefined],
  ["resident, all processes", "memory", 2 ** -20, "MiB", undefined],
];
console.log(`${rounds} interleaved rounds, ${cells} cells each, medians; Node ${process.version}\n`);
console.table(
  rows.map(([what, key, scale, unit, target]) => {
    const [ours, peer] = names.map((name) => measure(name, key));
    return {
      what,
      outgrow: `${(ours * scale).toFixed(1)} ${unit}`,
      ipykernel: `${(peer * scale).toFixed(1)} ${unit}`,
      ratio: (ours / peer).toFixed(2),
      target: target === undefined ? "" : `≤ ${target}`,
    };
  }),
);
