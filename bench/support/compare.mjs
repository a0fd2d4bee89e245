// Whole processes beside each other in interleaved rounds: a table of medians, and each target with what was measured.
import { spawn } from "node:child_process";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import path from "node:path";
import { median, peersPython, root } from "./peers.mjs";

const python = peersPython();

/** Runs the contenders on a file and prints how they did; the first is the one that the others are compared with. */
export async function compare({ title, file: make, contenders, targets, isCold = false }, rounds) {
  const file = await make();
  if (!isCold) readOnce(file);
  const runs = new Map(contenders.map(({ name }) => [name, []]));
  let agreed;
  for (let round = 0; round < rounds; round++) {
    for (const { name, command } of contenders) {
      if (isCold) await measure([python, path.join(root, "bench/peers/scan.py"), "forget", "", file]);
      const { answer, ...figures } = await measure([...command, file]);
      console.error(`round ${round + 1} of ${rounds}: ${name} ${figures.seconds.toFixed(2)} s`);
      if (Object.keys(answer).length > 0) agreed ??= { name, answer };
      requireSame(agreed, name, answer);
      runs.get(name).push(figures);
    }
  }
  report(title, file, runs, targets, rounds);
}

/** All of a file, so that the system has it in its cache. */
function readOnce(file) {
  const buffer = Buffer.alloc(4 * 2 ** 20);
  const opened = openSync(file);
  while (readSync(opened, buffer) > 0);
  closeSync(opened);
}

/** Wall time, processor time and peak memory of a whole process with its children, and what it printed. */
export async function measure(command) {
  // A company's certificates, where the machine names some, cost Node a twentieth of a second of each start; no bench has a network.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const child = spawn(python, [path.join(root, "bench/peers/wait4.py"), ...command], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.on("data", (data) => {
    printed += data;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}`);
  const lines = printed.trim().split("\n");
  const figures = JSON.parse(lines.pop());
  const last = lines.pop() ?? "";
  return { ...figures, answer: last.startsWith("{") ? JSON.parse(last) : {} };
}

/** Peers say as much as they know; what two of them say must be the same. */
function requireSame(agreed, name, answer) {
  for (const [figure, value] of Object.entries(answer)) {
    const known = agreed.answer[figure];
    if (known !== undefined && Math.abs(value - known) > 1e-9 * Math.abs(known))
      throw new Error(`${figure} is ${value} by ${name} and ${known} by ${agreed.name}`);
  }
}

export function ratio(what, peer, most) {
  const figure = what === "time" ? "seconds" : "peak";
  return { name: `${what} / ${peer}`, of: ({ ours, of }) => ours[figure] / of(peer)[figure], most };
}

function report(title, file, runs, targets, rounds) {
  const of = (name) => {
    const all = runs.get(name);
    const middle = (figure) => median(all.map((one) => one[figure]));
    return { seconds: middle("seconds"), cpu: middle("cpu"), peak: middle("peak") };
  };
  const [first] = runs.keys();
  const ours = of(first);
  const { size } = statSync(file);
  console.log(`\n${title}: ${path.basename(file)}, ${(size / 1e9).toFixed(2)} GB, ${rounds} rounds, medians`);
  console.table(
    [...runs].map(([name, all]) => {
      const { seconds, cpu, peak } = of(name);
      const walls = all.map((one) => one.seconds);
      return {
        who: name,
        "wall s": seconds.toFixed(2),
        range: `${Math.min(...walls).toFixed(2)}–${Math.max(...walls).toFixed(2)}`,
        "cpu s": cpu.toFixed(2),
        "peak MB": Math.round(peak / 1e6),
        "MB/s": Math.round(size / seconds / 1e6),
        "first / it": (ours.seconds / seconds).toFixed(2),
        "memory / it": (ours.peak / peak).toFixed(2),
      };
    }),
  );
  if (targets.length === 0) return;
  console.table(
    targets.map(({ name, of: figure, most, least }) => {
      const value = figure({ ours, of });
      const isMet = most === undefined ? value >= least : value <= most;
      const target = most === undefined ? `at least ${least}` : `at most ${most}`;
      return { target: name, measured: value.toFixed(2), wanted: target, met: isMet ? "yes" : "NO" };
    }),
  );
}
