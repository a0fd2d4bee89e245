import { afterEach, describe, expect, test } from "vitest";
import { streamText, typesOf } from "./client.ts";
import { kernelOfTests } from "./kernel-process.ts";

const kernel = await kernelOfTests();
const { client } = kernel;

async function isWell(): Promise<void> {
  const { reply, published } = await client.execute("1 + 1");
  expect(reply.content.status).toBe("ok");
  expect(published.find(({ type }) => type === "execute_result")?.content.data).toMatchObject({ "text/plain": "2" });
}

describe("what nobody should send", () => {
  const good = (type = "kernel_info_request"): Buffer[] => client.frames(client.header(type), {});
  const resigned = (parts: readonly string[]): Buffer[] => {
    const frames = parts.map((part) => Buffer.from(part));
    return [Buffer.from("<IDS|MSG>"), Buffer.from(client.sign(frames)), ...frames];
  };

  test.each<[string, () => Buffer[], RegExp]>([
    ["a bad signature", () => good().with(1, Buffer.from("0".repeat(64))), /bad signature/],
    ["a truncated message", () => good().slice(0, 4), /truncated/],
    ["no delimiter", () => [Buffer.from("hello")], /no delimiter/],
    ["an empty frame", () => [Buffer.alloc(0)], /no delimiter/],
    ["invalid JSON", () => resigned(["{", "{}", "{}", "{}"]), /JSON/],
    ["a header that is none", () => resigned(["[]", "{}", "{}", "{}"]), /no message/],
    ["an unknown type", () => good("dance_request"), /no such request: "dance_request"/],
    ["a type that objects have", () => good("constructor"), /no such request: "constructor"/],
  ])("%s does no harm, and is told on stderr", async (_what, frames, told) => {
    for (const channel of ["shell", "control", "stdin"] as const) await client.sendRaw(channel, frames());
    await isWell();
    await expect.poll(kernel.stderr).toMatch(told);
  });

  test("a replayed message is answered once", async () => {
    const header = client.header("kernel_info_request");
    const frames = client.frames(header, {});
    for (let n = 0; n < 3; n++) await client.sendRaw("shell", frames);
    await isWell();
    expect(
      client.received.filter(({ channel, parent }) => channel === "shell" && parent.msg_id === header.msg_id),
    ).toHaveLength(1);
  });
});

describe("cells", () => {
  test("stop_on_error aborts what was sent with a failing cell", async () => {
    const ids = [
      await client.startCell("throw new TypeError('no')"),
      await client.startCell("1"),
      await client.startCell("2"),
    ];
    const all = await Promise.all(ids.map((id) => client.finished(id)));
    expect(all.map(({ reply }) => reply.content.status)).toEqual(["error", "aborted", "aborted"]);
    expect(all[0]?.reply.content).toMatchObject({ ename: "TypeError", evalue: "no" });
    await isWell();
  });

  test("a cell that is sent after a failure is seen runs", async () => {
    for (let times = 0; times < 5; times++) {
      const failing = await client.startCell("throw new TypeError('no')");
      await client.waitFor(({ type, parent }) => type === "error" && parent.msg_id === failing);
      expect((await client.execute("1")).reply.content.status).toBe("ok");
    }
  });

  test("silent leaves no trace but its effect", async () => {
    const { published } = await client.execute("globalThis.quiet = 7; quiet", { silent: true });
    expect(typesOf(published)).toEqual(["status", "status"]);
    const { published: seen } = await client.execute("globalThis.quiet");
    expect(seen.find(({ type }) => type === "execute_result")?.content.data).toMatchObject({ "text/plain": "7" });
  });

  test("user expressions are evaluated, one by one", async () => {
    const { reply } = await client.execute("const ux = 20", { user_expressions: { good: "ux + 1", bad: "nowhere" } });
    const results = reply.content.user_expressions as Record<string, Record<string, unknown>>;
    expect(results.good).toMatchObject({ status: "ok", data: { "text/plain": "21" } });
    expect(results.bad).toMatchObject({ status: "error", ename: "ReferenceError" });
  });

  test("20,000 printed lines are whole, in order and before idle, in few messages", async () => {
    const { published } = await client.execute("for (let i = 0; i < 20_000; i++) console.log('line', i);");
    expect(streamText(published)).toBe(Array.from({ length: 20_000 }, (_, line) => `line ${line}\n`).join(""));
    expect(published.filter(({ type }) => type === "stream").length).toBeLessThan(50);
    expect(published.at(-1)?.content).toEqual({ execution_state: "idle" });
  });

  test("text of a child process arrives before idle, in its cell", async () => {
    const code =
      "const { execSync } = await import('node:child_process'); execSync('echo out; echo err >&2', { stdio: 'inherit' })";
    const { published } = await client.execute(code);
    expect(streamText(published, "stdout")).toContain("out\n");
    expect(streamText(published, "stderr")).toContain("err\n");
  });

  test("a display is updated by its id", async () => {
    const code = "display('one', { display_id: 'a' }); display('two', { display_id: 'a', update: true });";
    const { reply, published } = await client.execute(code);
    expect(reply.content.status).toBe("ok");
    const shown = published.filter(({ type }) => /display_data$/.test(type));
    expect(shown.map(({ type }) => type)).toEqual(["display_data", "update_display_data"]);
    expect(shown.map(({ content }) => content.transient)).toEqual([{ display_id: "a" }, { display_id: "a" }]);
  });

  test("input() asks on stdin, and Stop ends the question", async () => {
    const id = await client.startCell("const name = await input('who? '); name", { allow_stdin: true });
    const asked = await client.waitFor(({ type, parent }) => type === "input_request" && parent.msg_id === id);
    expect(asked).toMatchObject({ channel: "stdin", content: { prompt: "who? ", password: false } });
    await client.send("stdin", "input_reply", { status: "ok", value: "Ada" });
    const { published } = await client.finished(id);
    expect(JSON.stringify(published.find(({ type }) => type === "execute_result")?.content.data)).toContain("Ada");

    const second = await client.startCell("await input('again? ')", { allow_stdin: true });
    await client.waitFor(({ type, parent }) => type === "input_request" && parent.msg_id === second);
    await client.ask("interrupt_request", {}, "control");
    expect((await client.finished(second)).reply.content).toMatchObject({ status: "error", ename: "Interrupted" });
    const refused = await client.execute("await input('never')", { allow_stdin: false });
    expect(refused.reply.content.ename).toBe("UsageError");
  });
});

describe("prompt() and confirm()", () => {
  const asked = (id: string, prompt: string) =>
    client.waitFor(
      ({ type, parent, content }) => type === "input_request" && parent.msg_id === id && content.prompt === prompt,
    );
  const answer = (value: string) => client.send("stdin", "input_reply", { status: "ok", value });

  test("wait for their answers", async () => {
    const code = "const who = prompt('who? ', 'Ada'); [who, prompt('what? '), confirm('sure?'), prompt('ünï 😀? ')]";
    const id = await client.startCell(code, { allow_stdin: true });
    for (const [question, value] of [
      ["who? ", ""],
      ["what? ", ""],
      ["sure? [y/N] ", "Yes"],
      ["ünï 😀? ", "😀é"],
    ] as const) {
      await asked(id, question);
      await answer(value);
    }
    const { published } = await client.finished(id);
    expect(published.find(({ type }) => type === "execute_result")?.content.data).toEqual({
      "text/plain": "[ 'Ada', null, true, '😀é' ]",
    });
  });

  test("end with Stop, and an answer that comes then is dropped", async () => {
    const stopped = await client.startCell("prompt('never? ')", { allow_stdin: true });
    await asked(stopped, "never? ");
    await client.ask("interrupt_request", {}, "control");
    expect((await client.finished(stopped)).reply.content.ename).toBe("Interrupted");
    await answer("too late");
    const id = await client.startCell("prompt('again? ')", { allow_stdin: true });
    await asked(id, "again? ");
    await answer("in time");
    expect(JSON.stringify((await client.finished(id)).published)).toContain("'in time'");
  });

  test("say where nobody can be asked", async () => {
    const { reply } = await client.execute("confirm('?')", { allow_stdin: false });
    expect(reply.content).toMatchObject({ ename: "UsageError", evalue: expect.stringMatching(/takes no input/) });
  });
});

describe("while a cell spins", () => {
  // A cell that a failing test left running must not fail the next one.
  afterEach(() => client.ask("interrupt_request", {}, "control"));

  test("heartbeat, control, completion and inspection answer, and Stop keeps the variables", async () => {
    await client.execute("const kept = 'still here';");
    const id = await client.startCell("for (;;);");
    await client.waitFor(({ type, parent }) => type === "execute_input" && parent.msg_id === id);
    expect(await client.beat()).toBeGreaterThan(0);
    expect(await client.ask("kernel_info_request", {}, "control", 5000)).toMatchObject({ status: "ok" });
    expect(await client.ask("complete_request", { code: "kep", cursor_pos: 3 })).toMatchObject({ matches: ["kept"] });
    expect(await client.ask("inspect_request", { code: "kept", cursor_pos: 2, detail_level: 0 })).toMatchObject({
      found: true,
    });
    expect(await client.ask("is_complete_request", { code: "1 + 1" })).toMatchObject({ status: "complete" });
    expect(client.received.some(({ type, parent }) => type === "execute_reply" && parent.msg_id === id)).toBe(false);
    await client.ask("interrupt_request", {}, "control");
    const { reply } = await client.finished(id);
    expect(reply.content).toMatchObject({ status: "error", ename: "Interrupted" });
    const { published } = await client.execute("kept");
    expect(JSON.stringify(published.find(({ type }) => type === "execute_result")?.content.data)).toContain(
      "still here",
    );
  });

  test.each([
    ["a loop after an await", "await 0; for (;;);"],
    ["a loop in a timer", "await new Promise(() => setTimeout(() => { for (;;); }, 1))"],
    ["a promise that never settles", "await new Promise(() => {})"],
    ["a loop that catches everything", "for (;;) { try { for (;;); } catch {} }"],
    ["a child process", "(await import('node:child_process')).execSync('sleep 60')"],
    [
      "a child process that heeds no SIGINT",
      `(await import("node:child_process")).execSync("trap '' INT; sleep 60; sleep 60")`,
    ],
  ])("Stop ends %s", async (_what, code) => {
    const id = await client.startCell(code);
    await client.waitFor(({ type, parent }) => type === "execute_input" && parent.msg_id === id);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await client.ask("interrupt_request", {}, "control");
    expect((await client.finished(id, 10_000)).reply.content).toMatchObject({ status: "error", ename: "Interrupted" });
    const { published } = await client.execute("kept");
    expect(JSON.stringify(published.find(({ type }) => type === "execute_result")?.content.data)).toContain(
      "still here",
    );
  });

  test("Stop between cells ends what a cell left behind, and nothing else", async () => {
    await client.execute("setTimeout(() => { for (;;); }, 20); 1");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await client.ask("interrupt_request", {}, "control");
    await isWell();
    // Nothing runs any more.
    await client.ask("interrupt_request", {}, "control");
    const { published } = await client.execute("kept");
    expect(JSON.stringify(published)).toContain("still here");
  });

  test("Stop right behind a reply ends what the cell is about to spin in", async () => {
    const id = await client.startCell("const fresh: number = 1; setTimeout(() => { for (;;); }, 60); fresh");
    await client.waitFor(({ type, parent }) => type === "execute_reply" && parent.msg_id === id);
    await client.ask("interrupt_request", {}, "control");
    await new Promise((resolve) => setTimeout(resolve, 120));
    await isWell();
  });

  test("Stop sent with the cell cancels it", async () => {
    const id = await client.startCell("for (;;);");
    await client.ask("interrupt_request", {}, "control");
    // The two sockets are read in any order: a Stop that came first stopped nothing.
    await new Promise((resolve) => setTimeout(resolve, 50));
    await client.ask("interrupt_request", {}, "control");
    expect((await client.finished(id, 10_000)).reply.content.ename).toBe("Interrupted");
    await isWell();
  });
});

describe("an executor that dies", () => {
  test.each([
    ["process.exit(3)", /exited with code 3/],
    ["process.abort()", /SIGABRT/],
    ["process.kill(process.pid, 'SIGKILL')", /SIGKILL/],
    ["process.kill(process.pid, 'SIGSEGV')", /native code crashed \(SIGSEGV\)/],
  ])("by %s fails its cell with the cause, and the next cell works", async (code, cause) => {
    await client.execute("const sales = 1;");
    const { reply, published } = await client.execute(code);
    expect(reply.content).toMatchObject({ status: "error", ename: "ExecutorDied" });
    expect(reply.content.evalue).toMatch(cause);
    expect(reply.content.evalue).toMatch(/These variables are lost: .*\bsales\b/);
    expect(typesOf(published).filter((type) => type === "error")).toHaveLength(1);
    await isWell();
  });

  test("leaves the memory limit that a cell has set to the next one", async () => {
    await client.execute("%memory 2GiB");
    await client.execute("process.exit(3)");
    const { published } = await client.execute("%memory");
    expect(JSON.stringify(published.find(({ type }) => type === "display_data")?.content)).toMatch(
      /a cell is stopped above 2\.0 GiB/,
    );
    const { published: reset } = await client.execute("%memory auto");
    expect(streamText(reset)).toMatch(/four fifths of/);
  });
});
