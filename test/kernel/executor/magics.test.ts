import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Executor } from "./harness.ts";

let executor: Executor;
beforeAll(async () => {
  executor = await new Executor().ready();
});
afterAll(async () => {
  await executor[Symbol.asyncDispose]();
});

describe("a shell line", () => {
  test("streams what the command prints", async () => {
    const { stdout, stderr, failure } = await executor.run("!echo out; echo err >&2");
    expect(failure).toBeUndefined();
    expect([stdout, stderr]).toEqual(["out\n", "err\n"]);
  });

  test("takes values that can never become commands", async () => {
    await executor.run('const nasty = `it\'s "$(echo pwned)" ; echo pwned`');
    for (const line of ["!printf '%s' ${nasty}", "!printf '%s' \"${nasty}\"", "!printf '%s' '${nasty}'"]) {
      expect((await executor.run(line)).stdout).toBe(`it's "$(echo pwned)" ; echo pwned`);
    }
    expect((await executor.run("!echo ${({})}")).failure?.traceback[0]).toContain("E_SHELL_VALUE");
  });

  test("fails when the command does", async () => {
    const { failure } = await executor.run("!exit 3");
    expect(failure).toMatchObject({ ename: "EngineError", evalue: expect.stringContaining("exit code 3") });
  });
});

describe("a magic", () => {
  test("runs where it stands, between the statements", async () => {
    const { stdout } = await executor.run(
      "const when = 1\nconsole.log('before')\n%time console.log('inside', when)\nconsole.log('after')",
    );
    expect(stdout).toMatch(/^before\ninside 1\nwall[\s\S]*after\n$/);
  });

  test("gives its value to _", async () => {
    await executor.run("%time 6 * 7");
    expect((await executor.run("_")).text).toBe("42");
  });

  test("over the cell runs its body in the session", async () => {
    const { failure } = await executor.run("%%time\nconst declared = 5\ndeclared + 1");
    expect(failure).toBeUndefined();
    expect((await executor.run("declared")).text).toBe("5");
    const { failure: thrown } = await executor.run("%%time\n\nthrow new Error('in the body')");
    expect(thrown?.traceback.join("\n")).toContain(`cell-${executor.nextCell - 1}.ts:3:`);
  });

  test("measures each statement of its body, up to the one that fails", async () => {
    const { displays, failure } = await executor.run(
      "%%profile --by-statement\nconst held = new Uint8Array(50 * 2 ** 20);\nawait null;\nthrow new Error('no');\nheld.length",
    );
    const [, table = ""] = String(displays.at(-1)?.data["text/plain"]).split("by statement · 3 of 4 ran");
    expect(table).toMatch(/ 2 +const held = .* \+(?:49\.9|50\.0) MiB/);
    expect(table).toMatch(/ 3 +await null; +0\.\d ms/);
    expect(table).toMatch(/ 4 +throw new Error/);
    expect(table).toMatch(/ 5 +held\.length +did not run/);
    expect(table).toMatch(/4 collections took/);
    expect(failure?.traceback.join("\n")).toContain(`cell-${executor.nextCell - 1}.ts:4:`);
    const { displays: stacked } = await executor.run("%%time\n%%profile --by-statement\n%%time\n1 + 1");
    expect(stacked.map(({ data }) => String(data["text/plain"])).join()).toContain("by statement · 1 of 1 ran");
  });

  test("explains itself in the pager", async () => {
    for (const code of ["%time?", "?%time", "%who -h"]) {
      const { messages, failure } = await executor.run(code);
      expect(failure).toBeUndefined();
      expect(messages.find(({ type }) => type === "payload")).toMatchObject({
        payload: { source: "page", data: { "text/plain": expect.stringMatching(/time|who/) } },
      });
    }
  });

  test("that nobody knows is refused with the nearest one", async () => {
    const { failure } = await executor.run("%tim 1");
    expect(failure).toMatchObject({ ename: "UsageError", evalue: "no magic %tim" });
    expect(failure?.traceback.join("\n")).toContain("did you mean %time?");
    expect((await executor.run("%%who\nx")).failure?.traceback.join("\n")).toContain("write %who");
    expect((await executor.run("%pip install x")).failure?.traceback.join("\n")).toContain("%npm install NAME");
    expect((await executor.run("%%bash\nls")).failure?.traceback.join("\n")).toContain("below %%sh");
    expect((await executor.run("%load_ext sql")).failure?.traceback.join("\n")).toContain("there are no extensions");
    expect((await executor.run("%%R\nx")).failure?.traceback.join("\n")).toContain("!python3 FILE");
  });

  test("sees and changes the session", async () => {
    await executor.run("let seen = 'here'");
    expect(
      (await executor.run("%who")).stdout + JSON.stringify(executor.resultOf(executor.nextCell - 1).displays),
    ).toContain("seen");
    await executor.run("%reset -f");
    expect((await executor.run("seen")).failure).toMatchObject({
      ename: "ReferenceError",
      evalue: "seen is not defined",
    });
  });

  test("tells the supervisor how strictly to check types", async () => {
    await executor.run("%typecheck strict");
    expect(executor.messages.filter(({ type }) => type === "typecheck")).toEqual([
      { type: "typecheck", mode: "strict" },
    ]);
  });
});

describe("name?", () => {
  test("shows a function with the names that were typed", async () => {
    await executor.run(
      "const rate = 2; const half = (n: number) => n / rate; const shown = async () => half(await rate)",
    );
    const { messages } = await executor.run("shown??");
    const page = JSON.stringify(messages.find(({ type }) => type === "payload"));
    expect(page).toContain("half(");
    expect(page).not.toMatch(/\$(?:og|host)/);
  });

  test("shows the documentation of a function, which the supervisor knows, and its text where there is none", async () => {
    for (const [answer, shown] of [
      [{ "text/plain": "function chunked(source)\n\nWork in pieces" }, "Work in pieces"],
      [undefined, "chunked: function"],
    ] as const) {
      const cell = executor.start("chunked?");
      const asked = await executor.until((message) => message.type === "question" && message.cell === cell);
      expect(asked).toMatchObject({ question: { about: "inspection", code: "chunked" } });
      executor.send({ type: "answer", cell, answer });
      const { messages } = await executor.done(cell);
      expect(messages.find(({ type }) => type === "payload")).toMatchObject({
        payload: { data: { "text/plain": expect.stringContaining(shown) } },
      });
    }
  });

  test("shows what a variable holds", async () => {
    await executor.run("const inner = { deep: { list: [1, 2] } }");
    const { messages } = await executor.run("inner.deep?");
    expect(messages.find(({ type }) => type === "payload")).toMatchObject({
      payload: { data: { "text/plain": expect.stringContaining("list: [ 1, 2 ]") } },
    });
  });

  test("says what it may have meant", async () => {
    await executor.run("const customers = 1");
    const { failure } = await executor.run("custmers?");
    expect(failure?.traceback.join("\n")).toMatch(/E_NO_NAME[\s\S]*did you mean customers\?/);
  });
});
