// biome-ignore-all lint/suspicious/noTemplateCurlyInString: magics bind ${} themselves
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Executor } from "../executor/harness.ts";

let folder = "";
let executor: Executor;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-live-magics-"));
  const lines = Array.from({ length: 1000 }, (_, row) => `${row % 7},${row / 4}`);
  writeFileSync(path.join(folder, "sales.csv"), `user_id,amount\n${lines.join("\n")}\n`);
  executor = await new Executor({ folder }).ready();
});

afterAll(async () => {
  await executor[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

test("a magic's value is in -o and in _, and is shown once", async () => {
  const { failure, displays, text } = await executor.run(
    "%chunked sales.csv --by user_id --agg amount:sum,*:count -o byUser",
  );
  expect(failure).toBeUndefined();
  expect(text).toBeUndefined();
  expect(displays).toHaveLength(2);
  expect((await executor.run("[byUser.shape, byUser === _, byUser.run.rows]")).text).toContain(
    "[ [ 7, 3 ], true, 1000 ]",
  );
});

test("bound values come from the notebook, the body sees its variables", async () => {
  const { failure } = await executor.run("const keys = ['user_id']; let seen = 0;");
  expect(failure).toBeUndefined();
  const cell =
    "%%chunked ${'sales' + '.csv'} -s 300 --usecols ${[...keys, 'amount']} --as piece -o sizes\nseen += piece.shape[0];\npiece.shape";
  expect((await executor.run(cell)).failure).toBeUndefined();
  expect((await executor.run("[seen, sizes.length]")).text).toContain("[ 1000, 4 ]");
});

test("a wrong word has its caret in the traceback, and the next cell works", async () => {
  const { failure } = await executor.run("// a slip\n%chunked sales.csv --by usr_id --agg amount:sum");
  expect(failure?.ename).toBe("UsageError");
  const text =
    failure?.traceback.join("\n").replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g"), "") ?? "";
  expect(text).toContain("E_NO_COLUMN");
  expect(text).toMatch(/%chunked sales\.csv --by usr_id[^\n]*\n[^\n]*\^{6}/);
  expect(text).toContain("user_id");
  expect((await executor.run("1 + 1")).text).toBe("2");
});

test("magics stack, %time takes an expression, help is paged", async () => {
  const stacked = await executor.run(
    '%%time\n%%chunked sales.csv -o sums\nchunk.groupby(["user_id"]).col(["amount"]).sum()',
  );
  expect(stacked.failure).toBeUndefined();
  expect(stacked.stdout).toMatch(/^wall /m);
  const timed = await executor.run("%time seen * 2");
  expect(timed.failure).toBeUndefined();
  expect(timed.stdout).toMatch(/^wall /m);
  expect((await executor.run("_")).text).toBe("2000");
  const { messages } = await executor.run("%chunked?");
  expect(messages.some(({ type }) => type === "payload")).toBe(true);
});

test("the bar of a run whose loop was unwound says that it was stopped, with the memory up to there", async () => {
  const body = "const until = Date.now() + 300;\nwhile (Date.now() < until || chunk.index[0] >= 700);\nchunk.shape";
  const cell = executor.start(`%%chunked sales.csv -s 100\n${body}`);
  await executor.until((message) => message.type === "display" && message.cell === cell);
  await new Promise((done) => setTimeout(done, 1500));
  executor.interrupt(cell);
  const { failure, displays } = await executor.done(cell);
  expect(failure?.ename).toBe("Interrupted");
  expect(displays.map(({ data }) => data["text/plain"]).join("\n")).toMatch(/ · stopped · [\s\S]*memory/);
});

test.each([
  ["spins", "for (;;);"],
  ["spins behind a wait", "await new Promise((done) => setTimeout(done, 20));\nfor (;;);"],
])("what was done before a chunk whose code %s is kept and told, and a later run goes on", async (how, spin) => {
  const sums = 'chunk.groupby(["user_id"]).col(["amount"]).sum()';
  const line = `%%chunked sales.csv -s 100 -o kept --checkpoint ${how.replaceAll(" ", "-")}.bin`;
  const body = `if (chunk["amount"].min() >= 175 && !globalThis.isMended) {\n${spin}\n}\n${sums}`;
  await executor.run("globalThis.isMended = false; var kept;");
  const cell = executor.start(`${line}\n${body}`);
  await new Promise((done) => setTimeout(done, 2000));
  executor.interrupt(cell);
  const { failure, displays } = await executor.done(cell);
  expect(failure?.ename).toBe("Interrupted");
  expect(failure?.traceback.join("\n")).toContain("for (;;);");
  expect(displays.map(({ data }) => data["text/plain"]).join("\n")).toMatch(/rows +700 +until the stop/);
  const told = "[kept.run.complete, kept.run.rows, kept.run.notes.join(), kept.amount_sum.sum()]";
  expect((await executor.run(told)).text).toBe("[ false, 700, '', 61162.5 ]");
  await executor.run("isMended = true;");
  expect((await executor.run(`${line}\n${body}`)).failure).toBeUndefined();
  expect((await executor.run(told)).text).toMatch(
    /true,\s+1000,\s+'goes on from a checkpoint at row 701, .*',\s+124875/,
  );
});

test("%profile shows one output and gives the profile", async () => {
  const { failure, displays } = await executor.run("%profile sales.csv -o report");
  expect(failure).toBeUndefined();
  expect(new Set(displays.map(({ displayId }) => displayId)).size).toBe(1);
  expect((await executor.run("report.rows")).text).toBe("1000");
});
