import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, streamText, typesOf } from "../../jupyter/client.ts";
import { type Rig, startRig } from "./harness.ts";

let rig: Rig;
let client: Client;

beforeAll(async () => {
  rig = await startRig();
  client = rig.client;
  await client.execute("typecheck off");
});

afterAll(() => rig.stop());

describe("a cell", () => {
  test("is busy, shown, run, and idle, with its reply", async () => {
    const { reply, published } = await client.execute("print hello");
    expect(reply.content).toMatchObject({ status: "ok", payload: [], user_expressions: {} });
    expect(typesOf(published)).toEqual(["status", "execute_input", "stream", "status"]);
    expect(streamText(published)).toBe("hello\n");
    expect(published[1]?.content).toEqual({ code: "print hello", execution_count: reply.content.execution_count });
  });

  test("keeps the order of all its outputs", async () => {
    const { published } = await client.execute("mixed");
    const shown = published.slice(2, -1).map(({ type, content }) => [type, content.name ?? null]);
    expect(shown).toEqual([
      ["stream", "stdout"],
      ["stream", "stderr"],
      ["display_data", null],
      ["stream", "stdout"],
      ["update_display_data", null],
      ["clear_output", null],
    ]);
    const display = published.find(({ type }) => type === "display_data");
    expect(display?.content.transient).toEqual({ display_id: "d1" });
  });

  test("counts its result and keeps it in history", async () => {
    const { reply, published } = await client.execute("result 42");
    const result = published.find(({ type }) => type === "execute_result");
    expect(result?.content).toEqual({
      execution_count: reply.content.execution_count,
      data: { "text/plain": "42" },
      metadata: {},
    });
    const { history } = await client.ask("history_request", {
      hist_access_type: "tail",
      n: 1,
      output: true,
      raw: true,
    });
    expect(history).toEqual([[1, reply.content.execution_count, ["result 42", "42"]]]);
  });

  test("that is silent is not counted, shown or kept, and has no result", async () => {
    const before = (await client.execute("print x")).reply.content.execution_count as number;
    const { reply, published } = await client.execute("result 1", { silent: true });
    expect(typesOf(published)).toEqual(["status", "status"]);
    expect(reply.content.status).toBe("ok");
    const after = await client.execute("print y");
    expect(after.reply.content.execution_count).toBe(before + 1);
    const { history } = await client.ask("history_request", {
      hist_access_type: "tail",
      n: 1,
      raw: true,
      output: false,
    });
    expect(history).toEqual([[1, before + 1, "print y"]]);
  });

  test("with store_history false is shown but not counted", async () => {
    const before = (await client.execute("print x")).reply.content.execution_count as number;
    const { published } = await client.execute("result 2", { store_history: false });
    expect(typesOf(published)).toContain("execute_result");
    expect((await client.execute("print y")).reply.content.execution_count).toBe(before + 1);
  });

  test("answers user expressions and pages", async () => {
    const { reply } = await client.execute("expressions", { user_expressions: { a: "1+1" } });
    expect(reply.content.user_expressions).toEqual({
      a: { status: "ok", data: { "text/plain": "1+1" }, metadata: {} },
    });
    const paged = await client.execute("page");
    expect(paged.reply.content.payload).toEqual([{ source: "page", data: { "text/plain": "help" }, start: 0 }]);
  });

  test("that fails aborts those that wait, unless it says otherwise", async () => {
    const orders = ["throwlater", "print 1", "print 2"];
    const ids = await Promise.all(orders.map((order) => client.startCell(order)));
    const [failed, ...rest] = await Promise.all(ids.map((id) => client.finished(id)));
    expect(failed?.reply.content).toMatchObject({ status: "error", ename: "OrderedError" });
    expect(typesOf(failed?.published ?? [])).toEqual(["status", "execute_input", "error", "status"]);
    // JupyterLab puts a number, if there is one, beside the cell, as if it had run.
    expect(rest.map(({ reply }) => reply.content)).toEqual([{ status: "aborted" }, { status: "aborted" }]);

    const going = [await client.startCell("throw", { stop_on_error: false }), await client.startCell("print 3")];
    const [, next] = await Promise.all(going.map((id) => client.finished(id)));
    expect(next?.reply.content.status).toBe("ok");
  });

  test("asks for input on stdin, after what it printed", async () => {
    const id = await client.startCell("ask", { allow_stdin: true });
    const question = await client.waitFor(({ type, parent }) => type === "input_request" && parent.msg_id === id);
    expect(question).toMatchObject({ channel: "stdin", content: { prompt: "name? ", password: true } });
    await client.waitFor(({ type, parent }) => type === "stream" && parent.msg_id === id);
    await client.send("stdin", "input_reply", { value: "Ada", status: "ok" });
    const { published } = await client.finished(id);
    expect(streamText(published)).toBe("question follows\nheard Ada\n");
  });

  test("receives what native code wrote before its reply", async () => {
    const { published } = await client.execute("native from C");
    expect(streamText(published)).toBe("from C\n");
  });

  test("keeps outputs and errors that come after its end", async () => {
    const { reply } = await client.execute("later tick");
    await client.execute("print other");
    const late = await client.waitFor(({ type, content }) => type === "stream" && content.text === "tick");
    expect(late.parent.msg_id).toBe(reply.parent.msg_id);
    const stray = await client.execute("stray");
    const error = await client.waitFor(({ type, content }) => type === "error" && content.ename === "StrayError");
    expect(error.parent.msg_id).toBe(stray.reply.parent.msg_id);
  });

  test("may show what JSON does not have", async () => {
    const { published } = await client.execute("bigint");
    const display = published.find(({ type }) => type === "display_data");
    expect(display?.content.data).toEqual({ "application/json": { value: "1180591620717411303424" } });
  });
});

describe("a flood", () => {
  test("of 20,000 lines is whole, in order and before idle, in few messages", async () => {
    const { published } = await client.execute("flood 20000");
    const expected = Array.from({ length: 20_000 }, (_, line) => `line ${line}\n`).join("");
    expect(streamText(published)).toBe(expected);
    expect(published.filter(({ type }) => type === "stream").length).toBeLessThan(50);
    expect(published.at(-1)?.content).toEqual({ execution_state: "idle" });
  });

  test("beyond the limits keeps its head and its end, and says how much is missing", async () => {
    const { published } = await client.execute("burst 900000", {}, 60_000);
    const text = streamText(published);
    const missing = [
      ...text.matchAll(/^… ([\d,]+) lines \(.*?\) of text left out; all of it is in (.*\.txt) …$/gm),
    ].map((match) => match[1] ?? "");
    const shown = [...text.matchAll(/^line (\d+)$/gm)].map((match) => Number(match[1]));
    expect(missing.length).toBeGreaterThan(0);
    const left = missing.reduce((sum, lines) => sum + Number(lines.replaceAll(",", "")), 0);
    expect(shown.length + left).toBe(900_000);
    expect(shown).toEqual([...shown].sort((a, b) => a - b));
    expect([shown[0], shown.at(-1)]).toEqual([0, 899_999]);
    const [, , file = ""] = /left out; all of it is in ((.*\.txt)) …/.exec(text) ?? [];
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(Array.from({ length: 900_000 }, (_, line) => `line ${line}\n`).join(""));
  });

  test("is kept whole in the newest files only, and says so only where that is true", async () => {
    const folder = path.join(process.env.OUTGROW_DATA_DIR ?? "", "outputs");
    mkdirSync(folder, { recursive: true });
    for (let day = 10; day < 40; day++) writeFileSync(path.join(folder, `2000-01-${day}.txt`), "");
    await client.execute("burst 900000", {}, 60_000);
    expect(readdirSync(folder)).toHaveLength(20);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "in the way");
    const { published } = await client.execute("burst 900000", {}, 60_000);
    rmSync(folder);
    expect(streamText(published)).toMatch(
      / lines \(.*\) of text left out; it could not be kept in a file: E[A-Z]+: .* …/,
    );
  });
});
