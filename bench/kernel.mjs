// The kernel beside ipykernel: start, a warm cell, memory. npm run bench -- kernel [ROUNDS] [CELLS]. Interleaved rounds, medians.
// A third kernel that runs nothing and only answers shows what the client itself takes.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { jupyterEnv } from "../scripts/setup/jupyter.mjs";
import { venvPaths } from "../scripts/setup/venv.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { python } = venvPaths(root);
const [rounds = "5", cells = "200"] = process.argv.slice(2);
const names = ["outgrow", "python3", "noop"];
compilePeers();
const done = spawnSync(python, [path.join(root, "bench/peers/kernels.py"), JSON.stringify(names), rounds, cells], {
  env: jupyterEnv(root),
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
});
if (done.status !== 0) process.exit(1);
const results = JSON.parse(done.stdout);
report();

/** Python's installers and settings may have left its packages uncompiled: then every start of ipykernel would compile them again. */
function compilePeers() {
  const packages = spawnSync(python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], {
    encoding: "utf8",
  });
  // Some packages carry files for other versions of Python, which fail; what is imported compiles.
  spawnSync(python, ["-m", "compileall", "-qq", packages.stdout.trim()], { stdio: "ignore" });
}

function report() {
  const rows = [
    ["start to kernel_info", "start", 1000, "ms", 0.7],
    ["warm 1+1, to the reply", "reply", 1000, "ms", 0.5],
    ["warm 1+1, to idle", "idle", 1000, "ms", undefined],
    ["resident, all processes", "memory", 2 ** -20, "MiB", undefined],
    ["the same, shared pages once", "share", 2 ** -20, "MiB", undefined],
  ];
  console.log(
    `${rounds} rounds, ${cells} cells each in turns, medians; Node ${process.version}; ipykernel with compiled bytecode`,
  );
  console.table(
    rows.map(([what, key, scale, unit, target]) => {
      const [ours, peer, least] = names.map((name) => median(results[name].map((round) => round[key])));
      const isTime = key === "reply" || key === "idle";
      return {
        what,
        outgrow: `${(ours * scale).toFixed(1)} ${unit}`,
        ipykernel: `${(peer * scale).toFixed(1)} ${unit}`,
        "no-op kernel": `${(least * scale).toFixed(1)} ${unit}`,
        ratio: (ours / peer).toFixed(2),
        target: target === undefined ? "" : `≤ ${target}`,
        "above the no-op": isTime ? ((ours - least) / (peer - least)).toFixed(2) : "",
      };
    }),
  );
  console.log(`Of it: ${processesOf(results.outgrow.at(-1))}`);
}

function processesOf({ processes }) {
  return processes
    .map(({ role, resident, share }) => `${role} ${mib(resident)} MiB (${mib(share)} with shared pages divided)`)
    .join(", ");
}

function mib(bytes) {
  return Math.round(bytes / 2 ** 20);
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
