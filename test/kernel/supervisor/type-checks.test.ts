import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { TypeChecks } from "../../../kernel/supervisor/type-checks.ts";
import { type Client, streamText, typesOf } from "../../jupyter/client.ts";
import { type Rig, startRig } from "./harness.ts";

let rig: Rig;
let client: Client;

// The fake executor runs orders; here each is also a TypeScript comment or statement that the checker sees.
beforeAll(async () => {
  rig = await startRig("echo-executor.mjs");
  client = rig.client;
});

afterAll(() => rig.stop());

test("a type error is a warning of its own cell", async () => {
  // The first check may start the service and come after idle.
  const id = await client.startCell("const warm: number = 'text'");
  const warning = await client.waitFor(({ type, content }) => type === "stream" && content.name === "stderr");
  expect(warning.parent.msg_id).toBe(id);
  expect(warning.content.text).toContain("TS2322");
  const { reply } = await client.execute("const wrong: number = 'text'");
  expect(reply.content.status).toBe("ok");
  await expect.poll(() => streamText(client.publishedFor(String(reply.parent.msg_id)), "stderr")).toContain("TS2322");
});

test("a front end without a person is told before the reply, for which it waits longer than for idle", async () => {
  const { reply, published } = await client.execute("const alone: number = 'text'", { allow_stdin: false });
  expect(streamText(published, "stderr")).toContain("TS2322");
  const warned = published.find(({ type }) => type === "stream");
  expect(Date.parse(String(warned?.header.date))).toBeLessThanOrEqual(Date.parse(String(reply.header.date)));
});

test("what the cell's error tells is not said again, and the rest is", async () => {
  const said = async (code: string): Promise<string> =>
    streamText((await client.execute(code, { allow_stdin: false })).published, "stderr");
  expect(await said("gone; /* absent gone */")).toBe("");
  const rest = await said("gone; const wrong: number = 'text'; /* absent gone */");
  expect(rest).toContain("TS2322");
  expect(rest).not.toContain("gone'");
  expect(await said("gone;")).toContain("TS2304");
});

test("Stop ends the wait of a front end without a person for what the service finds", async () => {
  const fresh = await startRig("echo-executor.mjs");
  try {
    const id = await fresh.client.startCell("const slow: number = 'text'", { allow_stdin: false });
    // What is sent over another socket may come first, and finds no cell then.
    await fresh.client.waitFor(({ type, parent }) => type === "execute_input" && parent.msg_id === id);
    await fresh.client.ask("interrupt_request", {}, "control");
    const reply = await fresh.client.waitFor(({ type, parent }) => type === "execute_reply" && parent.msg_id === id);
    expect(reply.content.status).toBe("ok");
    // The service has yet to start; what it finds comes after.
    expect(streamText(fresh.client.publishedFor(id), "stderr")).toBe("");
  } finally {
    await fresh.stop();
  }
});

test("a cell with magics is checked too, and what a magic declares is known", async () => {
  const code =
    "%profile data.csv -o found\n%env A=1\nconst wrong: number = 'text'; found.rows.toFixed(); found.nothing";
  const { reply } = await client.execute(code);
  const said = (): string => streamText(client.publishedFor(String(reply.parent.msg_id)), "stderr");
  await expect.poll(said, { timeout: 10_000 }).toContain("TS2339 line 3:59");
  expect(said()).toContain("TS2322 line 3:7");
  expect(said()).not.toMatch(/TS(?!2322|2339)/);
});

test("strict: a cell with a type error does not run, and declares nothing", async () => {
  await client.execute("/* mode strict */");
  const { reply, published } = await client.execute("const never: number = 'text'; /* ran */");
  expect(reply.content).toMatchObject({ status: "error", ename: "TypeCheckError" });
  expect(typesOf(published)).toEqual(["status", "execute_input", "error", "status"]);
  const next = await client.execute("never + 1");
  expect(next.reply.content.ename).toBe("TypeCheckError");
  expect(String(next.reply.content.evalue)).toContain("never");
  expect((await client.execute("const fine: number = 1")).reply.content.status).toBe("ok");
});

test("off: nothing is said", async () => {
  await client.execute("/* mode off */");
  const { reply, published } = await client.execute("const quiet: number = 'text'");
  expect(reply.content.status).toBe("ok");
  expect(typesOf(published)).toEqual(["status", "execute_input", "status"]);
});

test("what a cell declares while the checks are off is known when they are on again", async () => {
  await client.execute("/* mode off */");
  await client.execute("const unseen: string = 'text'");
  await client.execute("/* mode strict */");
  const { reply } = await client.execute("const length: number = unseen.length");
  expect(reply.content.status).toBe("ok");
  const wrong = await client.execute("const size: number = unseen");
  expect(wrong.reply.content.evalue).toContain("'string'");
});

test("checks keep the order of their cells, from the first one on", async () => {
  const fresh = await startRig("echo-executor.mjs");
  try {
    // The first checks wait for the service; those that come when it is there know what stood before.
    const ids: string[] = [];
    for (let at = 0; at < 12; at++) {
      ids.push(await fresh.client.startCell(`const n${at}: number = ${at === 0 ? 0 : `n${at - 1}`};`));
      await new Promise((done) => setTimeout(done, 120));
    }
    const last = await fresh.client.startCell("const wrong: string = n11");
    await fresh.client.waitFor(({ type, parent }) => type === "stream" && parent.msg_id === last);
    expect(ids.map((id) => streamText(fresh.client.publishedFor(id), "stderr")).join("")).toBe("");
  } finally {
    await fresh.stop();
  }
});

test("a cell in which nothing can be found is not looked at unless it stands in another text, and idle does not wait for it", async () => {
  const asked: string[] = [];
  const checks = new TypeChecks({
    checkCell: async ({ id }) => {
      asked.push(id);
      return id === "warm" ? [] : new Promise(() => undefined);
    },
    accept: () => undefined,
    isReplacing: ({ id }) => id === "stands",
  });
  await checks.gate({ id: "warm", code: "0" });
  await checks.beside({ id: "new", code: "1" }, () => undefined)(true);
  checks.startWaiting();
  expect(asked).toEqual(["warm"]);
  await checks.beside({ id: "stands", code: "1" }, () => undefined)(true);
  expect(asked).toEqual(["warm", "stands"]);
});

test("a front end without a person is idle after what was found, also by the first check; a person does not wait for it", async () => {
  const found = { severity: "error", code: "TS1", message: "", line: 1, column: 1, text: "found" } as const;
  let answer = (): void => undefined;
  const slow = (): TypeChecks =>
    new TypeChecks({
      checkCell: () =>
        new Promise((resolve) => {
          answer = () => resolve([found]);
        }),
      accept: () => undefined,
      isReplacing: () => false,
    });
  const order: string[] = [];
  const idle = slow().beside({ id: "a", code: "f()" }, () => order.push("found"), false)(false);
  const isIdle = idle.then(() => order.push("idle"));
  // Longer than anybody who is there would wait.
  await new Promise((resolve) => setTimeout(resolve, 60));
  answer();
  await isIdle;
  expect(order).toEqual(["found", "idle"]);
  await slow().beside({ id: "a", code: "f()" }, () => order.push("late"), true)(false);
  expect(order).toEqual(["found", "idle"]);
});

test("what is found in a cell waits for its end, but for that of a long one", async () => {
  vi.useFakeTimers();
  try {
    const found = { severity: "error", code: "TS1", message: "", line: 1, column: 1, text: "found" } as const;
    const language = { checkCell: async () => [found], accept: () => undefined, isReplacing: () => false };
    const checks = new TypeChecks(language);
    await checks.gate({ id: "warm", code: "0" });
    const shown: string[] = [];
    const end = checks.beside({ id: "a", code: "f()" }, () => shown.push("a"));
    await vi.advanceTimersByTimeAsync(300);
    expect(shown).toEqual([]);
    await end();
    expect(shown).toEqual(["a"]);
    checks.beside({ id: "b", code: "g()" }, () => shown.push("b"));
    await vi.advanceTimersByTimeAsync(1000);
    expect(shown).toEqual(["a", "b"]);
  } finally {
    vi.useRealTimers();
  }
});
