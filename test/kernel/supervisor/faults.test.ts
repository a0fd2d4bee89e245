import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type Client, streamText, typesOf } from "../../jupyter/client.ts";
import { type Rig, startRig } from "./harness.ts";

let rig: Rig;
let client: Client;

beforeEach(async () => {
  rig = await startRig();
  client = rig.client;
  await client.execute("typecheck off");
});

afterEach(() => rig.stop());

describe("an executor that dies", () => {
  test.each([
    ["exit 3", /exited with code 3/],
    ["exit 0", /process\.exit\(\) was called/],
    ["kill", /SIGKILL/],
    ["abort", /SIGABRT/],
  ])("of %s fails its cell with the cause, and the next cell works", async (code, cause) => {
    await client.execute("names sales,total");
    const { reply, published } = await client.execute(code);
    expect(reply.content).toMatchObject({ status: "error", ename: "ExecutorDied" });
    expect(reply.content.evalue).toMatch(cause);
    expect(reply.content.evalue).toContain("These variables are lost: sales, total.");
    expect(typesOf(published).filter((type) => type === "error")).toHaveLength(1);
    expect(streamText((await client.execute("print alive")).published)).toBe("alive\n");
  });

  test("shows its last words before the error", async () => {
    const { published } = await client.execute("abort");
    expect(streamText(published, "stderr")).toContain("last words\n");
    expect(typesOf(published).indexOf("stream")).toBeLessThan(typesOf(published).indexOf("error"));
  });

  test("between cells says so, and the next cell works", async () => {
    const { reply } = await client.execute("exitlater");
    const told = await client.waitFor(({ type, content }) => type === "stream" && content.name === "stderr");
    expect(told.content.text).toContain("exited with code 7");
    expect(told.parent.msg_id).toBe(reply.parent.msg_id);
    expect((await client.execute("print alive")).reply.content.status).toBe("ok");
  });

  test("aborts what waits behind its cell", async () => {
    const ids = [await client.startCell("exit 1"), await client.startCell("print 1")];
    const [, second] = await Promise.all(ids.map((id) => client.finished(id)));
    expect(second?.reply.content.status).toBe("aborted");
  });
});

describe("Stop", () => {
  test("of a cell that listens gives its own error", async () => {
    const id = await client.startCell("obedient");
    await client.waitFor(({ type, parent }) => type === "execute_input" && parent.msg_id === id);
    expect(await client.ask("interrupt_request", {}, "control")).toEqual({ status: "ok" });
    expect((await client.finished(id, 2000)).reply.content.ename).toBe("Interrupted");
  });

  test("of a cell that nothing stops ends the executor, says what was lost, and the next cell works", async () => {
    await client.execute("names sales");
    const id = await client.startCell("spin");
    await client.waitFor(({ type, parent }) => type === "execute_input" && parent.msg_id === id);
    await client.ask("interrupt_request", {}, "control");
    await client.ask("interrupt_request", {}, "control");
    const { reply } = await client.finished(id, 12_000);
    expect(reply.content.evalue).toMatch(/did not stop within 5 s.*These variables are lost: sales\./);
    expect((await client.execute("print alive")).reply.content.status).toBe("ok");
  });

  test("between cells does nothing", async () => {
    await client.ask("interrupt_request", {}, "control");
    expect((await client.execute("print alive")).reply.content.status).toBe("ok");
  });

  test("cuts a flood that waits for its turn, and keeps its end", async () => {
    const id = await client.startCell("bulk 500000");
    await client.waitFor(({ type, parent }) => type === "stream" && parent.msg_id === id, 20_000);
    await expect.poll(() => rig.supervisor.names(), { timeout: 20_000, interval: 5 }).toEqual(["sent"]);
    await client.ask("interrupt_request", {}, "control");
    const seen = streamText(client.publishedFor(id)).length;
    const { published } = await client.finished(id);
    const [head = "", tail = "", ...more] = streamText(published).split(
      /\n… [\d,]+ lines \(.*\) of text left out; all of it is in .*\.txt …\n/,
    );
    expect(more).toEqual([]);
    expect(head.startsWith("line 0\nline 1\n")).toBe(true);
    expect(tail.slice(-14)).toBe("8\nline 499999\n");
    // What was sent before Stop, not what waited then.
    expect(head.length).toBeLessThan(seen + 1_000_000);
    expect(tail.length).toBeLessThan(100_000);
  });
});

test("an executor that cannot start fails each cell with the reason, without being started for ever", async () => {
  const broken = await startRig("broken-executor.mjs");
  for (const code of ["print 1", "print 2"]) {
    const { reply } = await broken.client.execute(code);
    expect(reply.content.ename).toBe("ExecutorDied");
    expect(reply.content.evalue).toMatch(/ended while it started \(exit code 9\): run "outgrow doctor"/);
  }
  await broken.stop();
});

test("shutdown answers on control and iopub, and leaves no process", async () => {
  const pid = rig.supervisor.executorPid() as number;
  await client.startCell("spin");
  expect(await client.ask("shutdown_request", { restart: true }, "control")).toEqual({ status: "ok", restart: true });
  const told = await client.waitFor(({ channel, type }) => channel === "iopub" && type === "shutdown_reply");
  expect(told.content).toEqual({ status: "ok", restart: true });
  await rig.ended;
  await expect.poll(() => isThere(pid)).toBe(false);
});

test("an executor that has sessions to end is waited for", async () => {
  const busy = await startRig();
  const folder = mkdtempSync(path.join(os.tmpdir(), "outgrow-session-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "session");
  await busy.client.execute(`session ${file}`);
  await busy.stop();
  expect(readFileSync(file, "utf8")).toBe("closed");
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
