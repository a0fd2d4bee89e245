// One step of the set-up: shown while it runs, stamped when it is done, named when it fails.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

export class StepError extends Error {
  constructor(step, message, cure) {
    super(message);
    this.step = step;
    this.cure = cure;
  }
}

/** Prints which step failed and what to do, and sets the exit code. */
export function reportFailure(error) {
  if (error instanceof StepError) {
    console.error(`\nOutgrow: the step "${error.step}" failed.\n${error.message}\n\nWhat to do: ${error.cure}`);
  } else {
    console.error(`\nOutgrow: ${error?.stack ?? error}`);
  }
  process.exitCode = 1;
}

/**
 * Runs `work` unless `stamp` already holds the hash of `inputs`; the stamp is written after the work,
 * so a step that was broken off is done again.
 */
export async function step(name, { stamp, inputs, cure }, work) {
  const wanted = hashInputs(inputs);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return false;
  rmSync(stamp, { force: true });
  const stop = showProgress(name);
  try {
    await work();
    mkdirSync(path.dirname(stamp), { recursive: true });
    writeFileSync(stamp, wanted);
    stop("done");
    return true;
  } catch (error) {
    stop("failed");
    if (error instanceof StepError) throw error;
    throw new StepError(name, error instanceof Error ? error.message : String(error), cure);
  }
}

/** Runs a command quietly; its output is shown only when it fails. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    let output = "";
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${args.join(" ")}\nended with ${signal ?? `code ${code}`}\n${output.trim()}`));
    });
  });
}

/** The files below a folder, sorted, for hashing. */
export function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  if (statSync(folder).isFile()) return [folder];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function hashInputs(inputs) {
  const hash = createHash("sha256").update(`${process.version} ${process.arch}`);
  for (const input of inputs) {
    if (existsSync(input)) for (const file of filesBelow(input)) hash.update(`\0${file}\0`).update(readFileSync(file));
    else hash.update(`\0${input}`);
  }
  return hash.digest("hex");
}

/** A line that counts seconds on a terminal, two lines elsewhere. */
function showProgress(name) {
  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
  if (!process.stdout.isTTY) {
    console.log(`• ${name} …`);
    return (how) => console.log(`  ${name}: ${how} in ${seconds()} s`);
  }
  const draw = (how) => process.stdout.write(`\r\x1b[K• ${name} … ${how}`);
  draw("");
  const timer = setInterval(() => draw(`${seconds()} s`), 250);
  return (how) => {
    clearInterval(timer);
    draw(`${how} in ${seconds()} s\n`);
  };
}
