// Stop, hundreds of times in one executor, over every way in which a cell can refuse to end, on a busy machine. Prints what was lost.
// npm run bench -- interrupts [INTERRUPTS] [SPINNING PROCESSES] [SEED]; run it with another Node to try that one.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [interrupts = 500, spinners = 2, seed = 1] = process.argv.slice(2).map(Number);
const LONGEST_MS = 20_000;
const STEP_MS = 100;

const KINDS = {
  "synchronous loop": "while (true) {}",
  "loop after an await": "await null; await new Promise((done) => setTimeout(done, 5)); for (;;) {}",
  "loop in a timer": "setTimeout(() => { for (;;) {} }, 5); await new Promise(() => {})",
  "loop in a timer among others":
    "for (let at = 0; at < 5; at++) setTimeout(() => { if (at === 2) for (;;) {} }, 5); await new Promise(() => {})",
  "loop in an interval": "setInterval(() => { for (;;) {} }, 5); await new Promise(() => {})",
  "loop in a batch of immediates, first":
    "for (let at = 0; at < 5; at++) setImmediate(() => { if (at === 0) for (;;) {} }); await new Promise(() => {})",
  "loop in a batch of immediates, middle":
    "for (let at = 0; at < 5; at++) setImmediate(() => { if (at === 2) for (;;) {} }); await new Promise(() => {})",
  "loop in a batch of immediates, last":
    "for (let at = 0; at < 5; at++) setImmediate(() => { if (at === 4) for (;;) {} }); await new Promise(() => {})",
  "immediates without end": "for (;;) await new Promise((done) => setImmediate(done))",
  "immediates without end that catch": "for (;;) { try { await new Promise((done) => setImmediate(done)) } catch {} }",
  "ticks without end": "const tick = () => process.nextTick(tick); tick(); await new Promise(() => {})",
  "loop in a tick": "process.nextTick(() => { for (;;) {} }); await new Promise(() => {})",
  "microtasks without end": "const spin = () => Promise.resolve().then(spin); await spin()",
  "loop in a microtask": "queueMicrotask(() => { for (;;) {} }); await new Promise(() => {})",
  "promise that never settles": "await new Promise(() => {})",
  "loop that catches everything": "for (;;) { try { for (;;) {} } catch {} }",
  "loop in finally": "try { throw 1 } finally { for (;;) {} }",
  "regular expression": "/^(a+)+$/.test('a'.repeat(60) + 'b')",
  "thread that waits": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  allocation: "{ let all = []; for (;;) { all.push(new Array(99).fill(1)); if (all.length > 1e5) all = []; } }",
  printing: "for (;;) console.log('x')",
  "printing after awaits": "for (;;) { console.log('x'); await new Promise((done) => setTimeout(done)) }",
  "AsyncLocalStorage of the user":
    "await new (await import('node:async_hooks')).AsyncLocalStorage().run(1, async () => { await null; for (;;) {} })",
  "async generator":
    "await (async () => { for await (const n of (async function* () { for (let n = 0; ; n++) yield n })()) if (n < 0) break })()",
  "callback of the file system":
    "(await import('node:fs')).readFile('/', () => { for (;;) {} }); await new Promise(() => {})",
  "listener of an emitter":
    "{ const e = new (await import('node:events')).EventEmitter(); e.on('x', () => { for (;;) {} }); setTimeout(() => e.emit('x'), 2); await new Promise(() => {}) }",
  "handler of a server":
    "{ const http = await import('node:http'); const s = http.createServer(() => { for (;;) {} }).listen(0, () => http.get({ port: s.address().port }).on('error', () => {})); await new Promise(() => {}) }",
  "comparison of a sort": "[3, 2, 1].sort(() => { for (;;) {} })",
  "getter that a display reads": "({ get [Symbol.toStringTag]() { for (;;) {} } })",
  "code of eval": "new Function('for (;;) {}')()",
  "program that is waited for": "require('node:child_process').execSync('sleep 30')",
  "shell line": "!sleep 30",
  "%chunked on DuckDB": "%chunked many/*.csv --by user_id --agg amount:sum,amount:std,*:count -o sums",
  "%profile": "%profile many/*.csv",
  "loop in a callback of %%chunked": "%%chunked many/*.csv -s 1000 --as chunk\nfor (;;) {}",
  "callbacks of %%chunked": "%%chunked many/*.csv -s 200 --as chunk\nchunk.groupby(['user_id']).col(['amount']).sum()",
};

const START = `
let kept = { count: 0, fired: 0, planted: 0, beats: 0 };
const heart = setInterval(() => { kept.beats++ }, 10);
function plant() {
  for (let at = 0; at < 5; at++) {
    kept.planted += 2;
    setTimeout(() => { kept.fired++ }, 20 * at);
    setImmediate(() => { kept.fired++ });
  }
}
`;
/** Planted in a healthy cell, due while the next one is being stopped. */
const PLANT = "plant(); ++kept.count";
/** Every queue of Node turns, and nothing that was planted is missing. */
const LOOK = `
await Promise.all([
  new Promise((done) => setImmediate(() => setImmediate(done))), new Promise((done) => setTimeout(done, 100)),
  new Promise((done) => process.nextTick(done)), (await import('node:fs/promises')).stat('.'), new Promise(queueMicrotask),
]);
JSON.stringify({ ...kept, handles: process.getActiveResourcesInfo().length })`;
const CPU = `
const before = process.cpuUsage();
await new Promise((done) => setTimeout(done, 1000));
const { user, system } = process.cpuUsage(before);
JSON.stringify({ busy: (user + system) / 1e6, heap: process.memoryUsage().heapUsed / 2 ** 20 })`;

const { Executor } = await loadSupervisorPart();
const folder = mkdtempSync(path.join(tmpdir(), "outgrow-interrupts-"));
const sales = path.join(root, ".outgrow/notebooks/data/sales.csv");
process.chdir(folder);
mkdirSync("many");
for (let at = 0; at < 5; at++) symlinkSync(sales, `many/part-${at}.csv`);

const load = Array.from({ length: spinners }, () => spawn(process.execPath, ["-e", "for (;;) {}"]));
const died = [];
let lastCell = 0;
let pid;
const waiting = new Map();
const stray = [];
const foreign = [];
const executor = new Executor(path.join(root, "dist/kernel/executor/main.js"), {
  onMessage: receive,
  onRaw: () => {},
  onSentinel: () => {},
  onDeath: (cause) => {
    died.push(cause);
    for (const { resolve } of waiting.values()) resolve({ dead: cause });
    waiting.clear();
  },
});

const random = makeRandom(seed);
const names = Object.keys(KINDS);
const losses = [];
const latencies = new Map(names.map((name) => [name, []]));
let ownEnd = 0;
let beats = 0;
let recovered = 0;

try {
  await run(START);
  pid = executor.pid;
  const begun = Date.now();
  for (let done = 0; done < interrupts; ) {
    for (const name of shuffled(names)) {
      if (done++ >= interrupts) break;
      await once(name, done);
      if (done % 50 === 0) await quiet(done);
    }
  }
  await quiet(interrupts);
  report(begun);
} finally {
  for (const each of load) each.kill("SIGKILL");
  await executor.close();
  rmSync(folder, { recursive: true, force: true });
}

async function once(name, number) {
  const lose = (what) => {
    losses.push({ number, kind: name, what });
    console.log(`lost #${number} ${name}: ${what}`);
  };
  const planted = await run(PLANT);
  if (planted.text === undefined) lose(`planting failed: ${JSON.stringify(planted)}`);
  const cell = start(KINDS[name]);
  await sleep(Math.floor(random() * random() * 200));
  const pressed = performance.now();
  executor.interrupt(cell);
  const outcome = await ended(cell);
  executor.settled();
  if (outcome.failure?.ename === "Interrupted") latencies.get(name).push(performance.now() - pressed);
  else if (outcome.failure === undefined && !outcome.late && !outcome.dead) ownEnd++;
  else lose(`no stop: ${JSON.stringify(outcome)}`);
  const before = losses.length;
  const { text, ...rest } = await run(LOOK);
  const seen = text === undefined ? undefined : JSON.parse(text.slice(1, -1));
  if (seen === undefined) lose(`the next cell failed: ${JSON.stringify(rest)}`);
  else {
    if (seen.count !== number) lose(`state: ${seen.count} instead of ${number}`);
    if (seen.fired !== seen.planted) lose(`${seen.planted - seen.fired} planted timers or immediates never came`);
    if (seen.beats <= beats) lose("the interval of an earlier cell stopped");
    beats = seen.beats;
  }
  if (executor.pid !== pid) {
    lose("the executor is a new one");
    await run(`${START}kept.count = ${number}`);
    pid = executor.pid;
    beats = 0;
  }
  for (const each of stray.splice(0)) lose(`an error outside of a cell: ${each}`);
  for (const each of foreign.splice(0)) lose(`output of an ended cell: ${each}`);
  if (losses.length === before && outcome.failure) recovered++;
}

async function quiet(number) {
  await run("0");
  const { text } = await run(CPU);
  const { busy, heap } = JSON.parse(text?.slice(1, -1) ?? '{"busy":1,"heap":0}');
  console.log(`after ${number}: ${(busy * 100).toFixed(0)} % busy when idle, heap ${heap.toFixed(0)} MiB`);
  if (busy > 0.25) losses.push({ number, kind: "idle", what: `${(busy * 100).toFixed(0)} % busy` });
}

function report(begun) {
  const all = [...latencies.values()].flat();
  const row = (what, values) => ({
    kind: what,
    stops: values.length,
    "p50 ms": Math.round(quantile(values, 0.5)),
    "p95 ms": Math.round(quantile(values, 0.95)),
    "max ms": Math.round(Math.max(0, ...values)),
  });
  console.table([...[...latencies].map(([name, values]) => row(name, values)), row("all", all)]);
  const seconds = ((Date.now() - begun) / 1000).toFixed(0);
  console.log(
    `Node ${process.version}, ${interrupts} interrupts, ${spinners} spinning processes, seed ${seed}, ${seconds} s: ` +
      `${recovered} stopped and whole, ${ownEnd} had ended by themselves, ${losses.length} losses, ${died.length} deaths`,
  );
  console.table(losses);
  process.exitCode = losses.length > 0 ? 1 : 0;
}

function start(code) {
  const cell = ++lastCell;
  let resolve;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  waiting.set(cell, { promise, resolve });
  const request = { code, executionCount: cell, silent: false, userExpressions: {}, allowStdin: false };
  executor.send({ type: "run", cell, ...request });
  return cell;
}

/** Waits in small steps: a machine that sleeps for a while is no loss. */
async function ended(cell) {
  const { promise } = waiting.get(cell);
  let outcome;
  for (let waited = 0; outcome === undefined && waited < LONGEST_MS; waited += STEP_MS)
    outcome = await Promise.race([promise, sleep(STEP_MS)]);
  waiting.delete(cell);
  return outcome ?? { late: true };
}

async function run(code) {
  const outcome = await ended(start(code));
  if (!outcome.late) return outcome;
  const cell = lastCell;
  executor.interrupt(cell);
  await sleep(6000);
  executor.settled();
  return outcome;
}

function receive(message) {
  if (message.type === "stray-error") stray.push(message.failure.traceback.join("\n"));
  if (message.type === "output" && !waiting.has(message.cell))
    foreign.push(`${message.cell}: ${message.text.slice(0, 80)}`);
  const cell = waiting.get(message.cell);
  if (!cell) return;
  if (message.type === "done") cell.resolve({ failure: message.failure, text: message.result?.data["text/plain"] });
}

async function loadSupervisorPart() {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, "kernel/supervisor/executor.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

function shuffled(values) {
  return values
    .map((value) => [random(), value])
    .sort(([a], [b]) => a - b)
    .map(([, value]) => value);
}

function quantile(values, share) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}

/** mulberry32 */
function makeRandom(from) {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
