// Thousands of generated delimited texts through the scanner, its reference and DuckDB: npm run bench -- fuzz-scan
// [--seed 1000] [--files 10000] [--check NAME]. The first failing case of each check is cut down and printed; ends with 1 then.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { shrink } from "./scan/shrink.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { values: given } = parseArgs({
  options: {
    seed: { type: "string", default: "1000" },
    files: { type: "string", default: "10000" },
    check: { type: "string", default: "" },
  },
});
const [first, files] = [Number(given.seed), Number(given.files)];

const { caseOf, openChecks } = await load();
const checks = await openChecks();
const wanted = checks.all.filter(({ name }) => name.includes(given.check));
const failed = new Set();
let done = 0;
const progress = setInterval(() => console.error(`${done} of ${files}`), 10_000);
for (let seed = first; seed < first + files; seed++, done++) {
  const one = caseOf(seed);
  for (const check of wanted) {
    if (failed.has(check)) continue;
    const difference = await outcome(check, one, seed);
    if (difference === undefined) continue;
    failed.add(check);
    await report(check, one, seed, difference);
  }
}
clearInterval(progress);
const held = checks.usedBytes();
// Cases that were not there before would let scratch space grow once.
for (let seed = first; seed < first + Math.min(files, 100); seed++)
  for (const check of wanted) if (!failed.has(check)) await check.run(caseOf(seed), seed);
const leaked = checks.usedBytes() - held;
if (leaked !== 0) console.log(`${leaked} bytes were not given back.`);
const brokenGuard = checks.brokenGuard();
if (brokenGuard !== 0) console.log(`A guard at ${brokenGuard} was written to.`);
await checks[Symbol.asyncDispose]();
console.log(`${files} files from seed ${first}, ${wanted.length} checks: ${failed.size} failed.`);
process.exit(failed.size > 0 || brokenGuard !== 0 || leaked !== 0 ? 1 : 0);

/** The checks are TypeScript, which not every Node reads. */
async function load() {
  const outfile = path.join(root, ".outgrow/bench/fuzz-scan.mjs");
  await build({
    entryPoints: [path.join(root, "test/src/scan/checks.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    external: ["#*"],
    outfile,
    logLevel: "warning",
  });
  return import(outfile);
}

async function outcome({ run }, one, seed) {
  try {
    return await run(one, seed);
  } catch (error) {
    return { error: String(error?.stack ?? error), cause: error?.cause && String(error.cause) };
  }
}

async function report(check, one, seed, difference) {
  console.log(`\nFAILED: ${check.name}, seed ${seed}\n${JSON.stringify(difference)}`);
  const kind = (one) => one.error?.split("\n")[0] ?? Object.keys(one).join();
  const small = await shrink(one, async (smaller) => {
    const now = await outcome(check, smaller, seed);
    return now !== undefined && kind(now) === kind(difference);
  });
  console.log("cut down:", JSON.stringify(await outcome(check, small, seed)));
  const asText = (_, value) => (typeof value === "bigint" ? `${value}n` : value);
  for (const part of ["dialect", "columns", "request", "head", "records"])
    console.log(`${part}: ${JSON.stringify(small[part], asText)?.slice(0, 4000)}`);
}
