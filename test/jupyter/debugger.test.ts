import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Client, type Execution, type Json } from "./client.ts";
import { DebugClient } from "./debug-client.ts";
import { type RunningKernel, startKernel } from "./kernel-process.ts";

let kernel: RunningKernel;
let debug: DebugClient;

beforeAll(async () => {
  kernel = await startKernel();
  debug = new DebugClient(kernel.client);
}, 60_000);

afterAll(() => kernel.stop());

beforeEach(async () => {
  await debug.ask("disconnect");
  await debug.attach();
});

/** Names and values. */
function shown(variables: readonly { readonly name: string; readonly value: string }[] | undefined): Json {
  return Object.fromEntries((variables ?? []).map(({ name, value }) => [name, value]));
}

function result({ published }: Execution): unknown {
  const data = published.find(({ type }) => type === "execute_result")?.content.data as Json | undefined;
  return data?.["text/plain"];
}

async function interrupt(cell: string): Promise<Json> {
  await kernel.client.send("control", "interrupt_request", {});
  return (await kernel.client.finished(cell)).reply.content;
}

/** Runs a cell that may stand, and gives where and why; undefined when it came to its end. */
async function standsAt(code: string): Promise<Json | undefined> {
  const cell = await kernel.client.startCell(code);
  const end = kernel.client.finished(cell).then(() => undefined);
  const why = await Promise.race([debug.event("stopped", 40_000), end]);
  if (!why) return undefined;
  const found = { reason: why.reason, where: await debug.where(), text: String(why.text ?? "").split("\n")[0] };
  await debug.goOn(cell);
  return found;
}

const AREA = `// how large
interface Side { length: number }
function area(width: number, { length }: Side): number {
  const both = width * length;
  return both;
}
let sum: number = 0;
for (let i = 0; i < 2; i++) {
  sum += area(i, { length: 2 });
}
const later = await new Promise<number>((resolve) => setTimeout(() => resolve(5), 20));
const doubled = [1, 2].map((each) => each * 2); sum += later;
sum;`;

describe("stepping", () => {
  test("is by lines as typed, into functions and out, over awaits and callbacks", async () => {
    expect(await debug.breakAt(AREA, 9)).toEqual([9]);
    const cell = await kernel.client.startCell(AREA);
    const cellName = (await debug.stopped()).replace(/:9$/, "");
    const at = (line: number) => `${cellName}:${line}`;
    expect(cellName).toMatch(/^cell-\d+\.ts$/);
    expect(await debug.step("stepIn")).toBe(`area:4 < ${at(9)}`);
    expect(await debug.step("next")).toBe(`area:5 < ${at(9)}`);
    const scopes = await debug.scopes();
    expect(shown(scopes.Locals)).toEqual({ width: "0", length: "2", both: "0" });
    expect(shown(scopes.Session)).toMatchObject({ area: "ƒ area", sum: "0" });
    expect(await debug.step("stepOut")).toBe(at(8));
    expect(shown((await debug.scopes()).Locals)).toEqual({ i: "0" });
    for (const line of [9, 8, 11, 12, 13]) expect(await debug.step("next")).toBe(at(line));
    await debug.ask("next");
    expect(result(await kernel.client.finished(cell))).toBe("7");
    expect(await standsAt("1 + 1")).toBeUndefined();
  }, 60_000);

  test("comes back to what awaits an asynchronous function, from in it", async () => {
    const code = `async function slow(n: number) {
  await new Promise((resolve) => setTimeout(resolve, 5)); await null;
  return n;
}
async function around() {
  const one = await slow(1);
  return one;
}
const two = await around();
for await (const each of [slow(3)]) {
  console.log(each);
}
two;`;
    await debug.breakAt(code, 3);
    const cell = await kernel.client.startCell(code);
    expect(await debug.stopped()).toBe("slow:3");
    await debug.breakAt(code);
    const lines: string[] = [];
    for (let i = 0; i < 6; i++) lines.push(await debug.step("next"));
    expect(lines.map((each) => each.replace(/cell-\d+\.ts/, "cell"))).toEqual([
      "around:6",
      "around:7",
      "cell:9",
      "cell:10",
      "cell:11",
      // From Node 24 on V8 does not stop where a loop finds that there is no more.
      expect.stringMatching(/^cell:1[03]$/),
    ]);
    await debug.goOn(cell);
  }, 60_000);
});

describe("breakpoints", () => {
  test("of lines without code are moved to the next one that has some", async () => {
    const code = "let a = 1;\n\n// nothing\na += 1;\n";
    expect(await debug.breakAt(code, 2, 3, 9)).toEqual([4]);
    expect(await standsAt(code)).toMatchObject({ reason: "breakpoint", where: expect.stringMatching(/:4$/) });
    const told = "!ls -d /*\n/* what\n it does\n*/ // well\nlet told = 1;\n/** mid */\ntold";
    expect(await debug.breakAt(told, 6)).toEqual([7]);
    expect(await debug.breakAt(told, 2, 3, 4)).toEqual([5]);
    expect(await standsAt(told)).toMatchObject({ where: expect.stringMatching(/:5$/) });
  });

  test("stand below a thousand others that could be", async () => {
    const code = `let long = 0;\n${"long += Math.abs(1);".repeat(700)}\nlong += 1;\nlong`;
    await debug.breakAt(code, 3);
    expect((await standsAt(code))?.where).toMatch(/:3$/);
  });

  test("stand in functions of cells that ran before, and in a cell that is run again", async () => {
    const code = "function later(x: number) {\n  return x + 1;\n}\n0";
    await kernel.client.execute(code);
    await debug.breakAt(code, 2);
    expect((await standsAt("later(1)"))?.where).toMatch(/^later:2 < cell-\d+\.ts:1$/);
    await kernel.client.execute(code);
    expect((await standsAt("later(2)"))?.where).toMatch(/^later:2 </);
    await debug.breakAt(code);
    expect(await standsAt("later(3)")).toBeUndefined();
  });

  test("stand in what %%chunked calls for each chunk, and in files beside the notebook", async () => {
    writeFileSync(path.join(kernel.folder, "numbers.csv"), "a,b\n1,2\n3,4\n");
    const code = "%%chunked numbers.csv -o sums\nconst first: number = chunk.shape[0];\nreturn first;";
    await debug.breakAt(code, 3);
    const cell = await kernel.client.startCell(code);
    expect(await debug.stopped()).toMatch(/^cell-\d+\.ts:3/);
    expect(shown((await debug.scopes()).Locals)).toEqual({
      chunk: expect.stringMatching(/^DataFrame 2 rows/),
      first: "2",
    });
    await debug.goOn(cell);

    const file = path.join(kernel.folder, "lib.ts");
    writeFileSync(
      file,
      "interface A { a: number }\n\nexport function twice(x: number): number {\n  const y: A = { a: x };\n  return y.a * 2;\n}\n",
    );
    await kernel.client.execute('import { twice } from "./lib.ts";');
    await debug.ask("setBreakpoints", { source: { path: file }, breakpoints: [{ line: 4 }] });
    expect((await standsAt("twice(4)"))?.where).toMatch(/^twice:4 < cell-\d+\.ts:1$/);
    expect((await debug.ask("modules")).modules).toContainEqual({ id: 0, name: "lib.ts", path: file });
    expect((await debug.ask("source", { source: { path: file } })).content).toMatch(/^interface A/);
  }, 60_000);

  test("are at a debugger statement too", async () => {
    expect(await standsAt("let q = 1;\n  debugger;\nq")).toMatchObject({ where: expect.stringMatching(/:2$/) });
  });

  test("stand where their condition holds, in locals and in names of the session", async () => {
    await kernel.client.execute("let edge = 6;");
    const code =
      "function half(x: number) {\n  const y = x / 2;\n  return y;\n}\nlet seen = 0;\nfor (let i = 0; i < 9; i++)\n  seen += half(i);\nseen";
    await debug.breakWith(code, { line: 3, condition: "x === edge && (y as number) > 2" });
    const cell = await kernel.client.startCell(code);
    expect(await debug.stopped()).toMatch(/^half:3 </);
    expect(shown((await debug.scopes()).Locals)).toMatchObject({ x: "6", y: "3" });
    expect(result(await debug.goOn(cell))).toBe("18");
    // A step over a line with one that does not hold goes on as ever.
    await debug.breakWith(code, { line: 6 }, { line: 7, condition: "false" });
    const stepped = await kernel.client.startCell(code);
    await debug.stopped();
    expect(await debug.step("next")).toMatch(/:7$/);
    await debug.breakWith(code);
    await debug.goOn(stepped);
  });

  test("whose condition cannot be evaluated stand, and say why", async () => {
    const code = "let once = 1;\nonce";
    await debug.breakWith(code, { line: 2, condition: "nowhere > 1" });
    expect(await standsAt(code)).toMatchObject({
      reason: "breakpoint",
      text: "the breakpoint's own code failed: ReferenceError: nowhere is not defined",
    });
    await debug.breakWith(code, { line: 2, condition: "1 +" });
    expect((await standsAt(code))?.text).toMatch(/own code failed: SyntaxError/);
  });

  test("count their hits, also over being set again", async () => {
    const code = "let turns = 0;\nfor (let i = 1; i <= 6; i++)\n  turns += i;\nturns";
    const third = { line: 3, hitCondition: "% 3" };
    await debug.breakWith(code, third);
    const cell = await kernel.client.startCell(code);
    await debug.stopped();
    expect(shown((await debug.scopes()).Locals)).toMatchObject({ i: "3" });
    await debug.breakWith(code, third);
    await debug.ask("continue", { threadId: 1 });
    await debug.stopped();
    expect(shown((await debug.scopes()).Locals)).toMatchObject({ i: "6" });
    expect(result(await debug.goOn(cell))).toBe("21");
    expect(await debug.breakWith(code, { line: 3, hitCondition: "often" })).toMatchObject({
      success: false,
      message: 'the hit count "often" is none: write 5, >= 5 or % 2',
    });
  });

  test("with a message say it and do not stand", async () => {
    const code = "let told = '';\nfor (const word of ['a', 'b'])\n  told += word;\ntold";
    await debug.breakWith(code, { line: 3, logMessage: "word {word} after {({ told }).told.length} of {[1]}" });
    const cell = await kernel.client.startCell(code);
    expect((await debug.event("output")).output).toBe("word a after 0 of Array(1) [1]\n");
    expect((await debug.event("output")).output).toBe("word b after 1 of Array(1) [1]\n");
    expect(result(await kernel.client.finished(cell))).toBe("'ab'");
    const { breakpoints } = await debug.ask("debugInfo");
    expect(JSON.stringify(breakpoints)).toContain("logMessage");
  });

  test("are kept and told to a page that is loaded again", async () => {
    const code = "let b = 1;\nb += 1;";
    await debug.breakAt(code, 2);
    const cell = await kernel.client.startCell(code);
    await debug.stopped();
    const { sourcePath } = await debug.ask("dumpCell", { code });
    expect(await debug.ask("debugInfo")).toMatchObject({
      isStarted: true,
      hashMethod: "Murmur2",
      breakpoints: [{ source: sourcePath, breakpoints: [{ line: 2 }] }],
      stoppedThreads: [1],
      richRendering: true,
      copyToGlobals: true,
    });
    expect((await debug.ask("source", { source: { path: sourcePath } })).content).toBe(code);
    await debug.attach();
    expect(await debug.where()).toMatch(/:2$/);
    await debug.goOn(cell);
  });
});

describe("values", () => {
  const code = `class Box<T> {
  constructor(readonly inside: T) {}
  open(by: string) {
    const label = by + this.inside;
    return label;
  }
}
const box = new Box("x");
let seen = 0;
const sly = { plain: 1, get costly() { seen++; return 1; } };
const sold = new Float64Array(1000);
box.open("me ");`;

  test("are looked at, evaluated, rendered and copied where the code stands", async () => {
    await debug.breakAt(code, 5);
    const cell = await kernel.client.startCell(code);
    await debug.stopped();
    const { Locals = [], Session } = await debug.scopes();
    expect(shown(Locals)).toEqual({ this: 'Box {inside: "x"}', by: '"me "', label: '"me x"' });
    expect(shown(await debug.below(Locals[0]?.variablesReference ?? 0))).toEqual({ inside: '"x"' });
    expect(shown(Session)).toMatchObject({
      sly: expect.stringMatching(/^\{plain: 1, costly: \(…\)\}/),
      sold: "Float64Array(1,000) [0, 0, 0, 0, 0, …], 7.8 KiB",
    });
    const evaluate = async (expression: string) => (await debug.ask("evaluate", { expression })).result;
    expect(await evaluate("this.inside + by + (seen as number)")).toBe('"xme 0"');
    expect(await evaluate("seen = 41")).toBe("41");
    const fails = async (expression: string) => (await debug.respond("evaluate", { expression })).message;
    expect(await fails("nobody.x")).toBe("ReferenceError: nobody is not defined");
    expect(await fails("let a = 1")).toMatch(/^SyntaxError: /);
    expect(await fails("(() => { for (;;) {} })()")).toMatch(/was ended after 2 s/);
    expect((await debug.ask("richInspectVariables", { variableName: "label" })).data).toMatchObject({
      "text/plain": "'me x'",
    });
    expect(await fails("(() => { throw null; })()")).toBe("Uncaught null");
    for (const dstVariableName of ["undefined", "class", "a b"]) {
      const refused = await debug.respond("copyToGlobals", { srcVariableName: "label", dstVariableName });
      expect(refused.message).toMatch(/cannot name a variable/);
    }
    await debug.ask("copyToGlobals", { srcVariableName: "label", dstVariableName: "copied" });
    await debug.goOn(cell);
    expect(result(await kernel.client.execute("copied + seen"))).toBe("'me x41'");
  }, 60_000);

  test("are set where the code stands: locals, the session's, and what is in them", async () => {
    await kernel.client.execute("let open = 1; const fixed = 2; const point = Object.freeze({ x: 1 });");
    const code = "function f(n: number) {\n  const list = [1, 2, 3];\n  return n + list[1] + open;\n}\nf(10)";
    await debug.breakAt(code, 3);
    const cell = await kernel.client.startCell(code);
    await debug.stopped();
    const { stackFrames } = await debug.ask("stackTrace", { threadId: 1 });
    const frameId = (stackFrames as readonly Json[])[0]?.id;
    const scopes = (await debug.ask("scopes", { frameId })).scopes as readonly Json[];
    const reference = (name: string) => scopes.find((scope) => scope.name === name)?.variablesReference as number;
    const set = (variablesReference: number, name: string, value: string) =>
      debug.respond("setVariable", { variablesReference, name, value });
    expect((await set(reference("Locals"), "n", "n * 2 as number")).body).toMatchObject({
      value: "20",
      type: "number",
    });
    expect((await set(reference("Session"), "open", "n + 80")).body).toMatchObject({ value: "100" });
    expect(await set(reference("Session"), "fixed", "3")).toMatchObject({
      success: false,
      message: "fixed is a constant",
    });
    expect((await debug.below(reference("Locals"))).find(({ name }) => name === "n")?.value).toBe("20");
    const list = (await debug.below(reference("Locals"))).find(({ name }) => name === "list");
    expect((await set(list?.variablesReference ?? 0, "1", "5")).body).toMatchObject({ value: "5" });
    expect(await set(list?.variablesReference ?? 0, "7", "5")).toMatchObject({ success: false });
    const point = (await debug.below(reference("Session"))).find(({ name }) => name === "point");
    expect(await set(point?.variablesReference ?? 0, "x", "5")).toMatchObject({ message: "x cannot be written to" });
    const asked = { expression: "list[1]", value: "list[1] + 1", frameId };
    expect(await debug.ask("setExpression", asked)).toMatchObject({ value: "6", type: "number" });
    expect(result(await debug.goOn(cell))).toBe("126");
    expect(result(await kernel.client.execute("[open, fixed]"))).toBe("[ 100, 2 ]");
  });

  test("are listed between cells and in the middle of a loop; no getter runs", async () => {
    await kernel.client.execute("let count = 0; let ran = 0; const shy = { get it() { ran++; return 1; } };");
    const cell = await kernel.client.startCell("while (true) { count++; }");
    await kernel.client.waitFor(({ type, parent }) => type === "execute_input" && parent.msg_id === cell);
    const counted = async () => {
      const { variables } = await debug.ask("inspectVariables");
      return Number(shown(variables as []).count);
    };
    await expect.poll(counted, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(await debug.respond("evaluate", { expression: "count" })).toMatchObject({ success: false });
    expect(await interrupt(cell)).toMatchObject({ ename: "Interrupted" });
    const { variables } = await debug.ask("inspectVariables");
    expect(shown(variables as [])).toMatchObject({ ran: "0" });
    expect((await debug.ask("evaluate", { expression: "count > 0" })).result).toBe("true");
  });

  test("a front end that shows a type in place of a value gets none", async () => {
    await kernel.client.execute("let single = 7;");
    await debug.ask("initialize", { clientID: "jupyterlab" });
    const { variables } = await debug.ask("inspectVariables");
    expect(variables).toContainEqual({ name: "single", value: "7", variablesReference: 0 });
  });
});

describe("exceptions", () => {
  const UNCAUGHT: readonly (readonly [code: string, where: RegExp])[] = [
    ["const a1 = 1;\nthrow new RangeError('at once')", /^cell-\d+\.ts:2$/],
    ["await new Promise((resolve) => setTimeout(resolve, 5));\nthrow new RangeError('later')", /^cell-\d+\.ts:2$/],
    ["function deep() {\n  throw new RangeError('below') }\ndeep()", /^deep:2 < cell-\d+\.ts:3$/],
    ["const fs = require('node:fs');\nfs.readFileSync('/nowhere/at/all')", /^cell-\d+\.ts:2$/],
    [
      "setTimeout(() => {\n throw new RangeError('timer') }, 1);\nawait new Promise((resolve) => setTimeout(resolve, 50))",
      /:2$/,
    ],
  ];

  test.each(UNCAUGHT)("that nobody catches: %j", async (code, where) => {
    await debug.ask("setExceptionBreakpoints", { filters: ["uncaught"] });
    expect(await standsAt(code)).toEqual({
      reason: "exception",
      where: expect.stringMatching(where),
      text: expect.stringMatching(/Error/),
    });
  });

  test.each([
    "try { throw new RangeError('caught') } catch {}\n1",
    "async function fails() { await null; throw new RangeError('caught') }\ntry { await fails() } catch {}",
  ])("that somebody catches: %j", async (code) => {
    await debug.ask("setExceptionBreakpoints", { filters: ["uncaught"] });
    expect(await standsAt(code)).toBeUndefined();
    await debug.ask("setExceptionBreakpoints", { filters: ["caught"] });
    expect(await standsAt(code)).toMatchObject({ reason: "exception", text: "RangeError: caught" });
  });

  test("are nobody's business by default, and fail their cell as ever", async () => {
    const { reply } = await kernel.client.execute("await null;\nthrow new RangeError('plain')");
    expect(reply.content).toMatchObject({ status: "error", ename: "RangeError", evalue: "plain" });
    expect(String(reply.content.traceback)).toMatch(/cell-\d+\.ts:2:7/);
  });
});

describe("while the code stands", () => {
  const code = "let kept = 41;\nfunction inner(n: number) {\n  kept += n;\n  return n;\n}\nfor (;;) inner(1);";

  test("Stop ends the cell and keeps the variables, again and again", async () => {
    await debug.breakAt(code, 4);
    for (let i = 0; i < 5; i++) {
      const cell = await kernel.client.startCell(code);
      await debug.event("stopped");
      const { ename, traceback } = await interrupt(cell);
      expect(ename).toBe("Interrupted");
      expect(String(traceback)).toMatch(/inner \(cell-\d+\.ts:4/);
      expect(await debug.event("continued")).toMatchObject({ allThreadsContinued: true });
      expect(result(await kernel.client.execute("kept"))).toBe("42");
    }
  }, 60_000);

  test("a pause is where the code is, and the loop can be stopped from there", async () => {
    const cell = await kernel.client.startCell("let turns = 0;\nwhile (true) {\n  turns++;\n}");
    await kernel.client.waitFor(({ type, parent }) => type === "execute_input" && parent.msg_id === cell);
    await debug.ask("pause");
    expect(await debug.event("stopped")).toMatchObject({ reason: "pause" });
    expect(await debug.where()).toMatch(/^cell-\d+\.ts:[123]$/);
    expect(await interrupt(cell)).toMatchObject({ ename: "Interrupted" });
    expect(await standsAt("turns >= 0")).toBeUndefined();
  });

  test("everything else answers", async () => {
    const cell = await kernel.client.startCell("const text = 'abc';\ndebugger;\ntext");
    await debug.event("stopped");
    const info = await kernel.client.ask("kernel_info_request", {}, "control");
    expect(info.supported_features).toContain("debugger");
    // The service of types may start here, on a machine that has other work.
    const asked = { code: "text.toUpp", cursor_pos: 10 };
    const { matches } = await kernel.client.ask("complete_request", asked, "shell", 60_000);
    expect(matches).toContain("toUpperCase");
    expect(await debug.respond("noSuchThing")).toMatchObject({
      success: false,
      message: expect.stringContaining("noSuchThing"),
    });
    expect(await debug.respond("setBreakpoints", { source: 5 })).toMatchObject({ success: false });
    expect(kernel.client.received.some(({ type, parent }) => type === "execute_reply" && parent.msg_id === cell)).toBe(
      false,
    );
    await debug.goOn(cell);
  }, 90_000);

  test.each([
    ["goes on", () => debug.ask("continue", { threadId: 1 }), "execute_result 42"],
    ["is stopped", () => kernel.client.send("control", "interrupt_request", {}), "error Interrupted"],
  ])("for a page that is gone, the cell %s by the next one", async (_, end, said) => {
    const page = new Client(kernel.client.connection);
    await page.ready();
    const gone = new DebugClient(page);
    await gone.attach();
    const cell = await page.startCell("const forty = 40;\ndebugger;\nforty + 2");
    await Promise.all([gone.event("stopped"), debug.event("stopped")]);
    page.close();
    // As JupyterLab finds its way back into a session.
    expect(await debug.ask("debugInfo")).toMatchObject({ isStarted: true, stoppedThreads: [1] });
    await debug.attach();
    expect(await debug.where()).toMatch(/^cell-\d+\.ts:2$/);
    expect(shown((await debug.scopes()).Session)).toMatchObject({ forty: "40" });
    await end();
    await kernel.client.waitFor(({ parent, content }) => parent.msg_id === cell && content.execution_state === "idle");
    const told = kernel.client.received
      .filter(({ parent }) => parent.msg_id === cell)
      .map(({ type, content }) => `${type} ${content.ename ?? (content.data as Json)?.["text/plain"] ?? ""}`.trim());
    expect(told).toContain(said);
    expect(result(await kernel.client.execute("forty"))).toBe("40");
  });

  test("a debugger that leaves lets it go on", async () => {
    const cell = await kernel.client.startCell("debugger;\n6 * 7");
    await debug.event("stopped");
    await debug.ask("disconnect");
    expect(result(await kernel.client.finished(cell))).toBe("42");
    expect(await standsAt("debugger;\n1")).toBeUndefined();
  });

  test("between cells Stop ends what stands there, and the process lives", async () => {
    await kernel.client.execute("let hits = 0; setTimeout(() => {\n  hits++;\n  debugger;\n  hits++;\n}, 50);");
    expect(await debug.stopped()).toMatch(/^\(anonymous\):3$/);
    await kernel.client.send("control", "interrupt_request", {});
    await debug.event("continued");
    expect(result(await kernel.client.execute("hits"))).toBe("1");
  });
});

describe("a process that dies", () => {
  test("is followed by one with the same breakpoints", async () => {
    const code = "let fresh = 1;\nfresh += 1;\nfresh";
    await debug.breakAt(code, 2);
    const cell = await kernel.client.startCell(code);
    await debug.event("stopped");
    const { pid } = await kernel.client.ask("usage_request", {}, "control");
    process.kill(Number(pid), "SIGKILL");
    await debug.event("continued");
    expect((await kernel.client.finished(cell)).reply.content.ename).toBe("ExecutorDied");
    expect(await standsAt(code)).toMatchObject({ where: expect.stringMatching(/:2$/) });
  }, 60_000);

  test("ends at once when the kernel is shut down while it stands", async () => {
    const own = await startKernel();
    const other = new DebugClient(own.client);
    await other.attach();
    await own.client.startCell("debugger;\n1");
    await other.event("stopped");
    await own.client.send("control", "shutdown_request", { restart: false });
    expect(await own.exited).toBe(0);
    await own.stop();
  }, 60_000);
});
