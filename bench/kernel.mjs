// The kernel beside ipykernel, Deno's kernel and tslab: start, cells, memory, and what a person waits for while a cell runs.
// npm run bench -- kernel [ROUNDS] [CELLS] [PEER,…]. Interleaved rounds, medians. A no-op kernel that only answers shows what the client itself takes.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { jupyterEnv } from "../scripts/setup/jupyter.mjs";
import { venvPaths } from "../scripts/setup/venv.mjs";
import { peerKernels } from "./support/kernels.mjs";
import { median } from "./support/peers.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { python } = venvPaths(root);
const [rounds = "5", cells = "200", only] = process.argv.slice(2);
const all = { outgrow: { kernel: "outgrow" }, ipykernel: {}, ...peerKernels(), noop: {} };
const wanted = only ? ["outgrow", ...only.split(",")] : Object.keys(all);
const specs = Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name)));
compilePeers();
const done = spawnSync(python, [path.join(root, "bench/peers/kernels.py"), JSON.stringify(specs), rounds, cells], {
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
  const round = (key, scale, unit) => (name) => `${(scale * medianOf(name, key)).toFixed(1)} ${unit}`;
  const running = (show) => (name) => (results[name].running ? show(results[name].running) : "");
  const rows = [
    ["start to kernel_info", round("start", 1000, "ms"), "≤ 0.7 of ipykernel"],
    ["first 1+1, to idle", round("first", 1000, "ms"), ""],
    ["warm 1+1 to its reply, median", round("reply", 1000, "ms"), "below Deno"],
    ["the same, 95th percentile", round("p95", 1000, "ms"), ""],
    ["warm 1+1 to idle", round("idle", 1000, "ms"), ""],
    ["1+N, a new text each time, to idle", round("fresh", 1000, "ms"), ""],
    ["[N].map((n) => n + 1), which a type check must see, to idle", round("checked", 1000, "ms"), ""],
    ["Stop of a loop", running(({ loop }) => stops(loop)), ""],
    ["Stop of a loop after an await", running((figures) => stops([figures.await])), "stops"],
    ["completion", running(({ complete }) => ms(complete)), ""],
    ["completion while a cell computes", running(({ busy }) => ms(busy.complete)), "≤ 60 ms"],
    ["control while a cell computes", running(({ busy }) => ms(busy.control)), "≤ 20 ms"],
    ["20,000 lines, to idle", running(({ flood }) => floodOf(flood)), "≤ 300 ms, whole"],
    ["resident, all processes", round("memory", 2 ** -20, "MiB"), ""],
    ["the same, shared pages once", round("share", 2 ** -20, "MiB"), ""],
  ];
  const names = Object.keys(specs);
  console.log(`${rounds} rounds, ${cells} cells each in turns, medians; Node ${process.version}\n`);
  console.log(
    table([["what", ...names, "target"], ...rows.map(([what, show, target]) => [what, ...names.map(show), target])]),
  );
  console.log(`Of ours: ${processesOf(results.outgrow.rounds.at(-1))}`);
}

function table([head, ...rows]) {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function stops(all) {
  if (all.some(({ seconds }) => seconds === null)) return "never";
  const lost = all.some(({ kept }) => !kept) ? ", variables lost" : "";
  return `${ms(median(all.map(({ seconds }) => seconds)))}${lost}`;
}

function floodOf({ seconds, before, late }) {
  const lines = `${before} lines${late > 0 ? `, ${late} late` : ""}`;
  return seconds === null ? `never idle; ${lines}` : `${ms(seconds)}, ${lines}`;
}

function ms(seconds) {
  return `${(1000 * seconds).toFixed(1)} ms`;
}

function medianOf(name, key) {
  return median(results[name].rounds.map((round) => round[key]));
}

function processesOf({ processes }) {
  return processes
    .map(({ role, resident, share }) => `${role} ${mib(resident)} MiB (${mib(share)} with shared pages divided)`)
    .join(", ");
}

function mib(bytes) {
  return Math.round(bytes / 2 ** 20);
}
