import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client } from "../../jupyter/client.ts";
import { type Rig, startRig } from "./harness.ts";

let rig: Rig;
let client: Client;

beforeAll(async () => {
  rig = await startRig();
  client = rig.client;
  await client.execute("typecheck off");
});

afterAll(() => rig.stop());

describe("while a cell spins", () => {
  test("all other requests are answered at once, and the cell stays busy", async () => {
    const id = await client.startCell("spin");
    await client.waitFor(({ type, parent }) => type === "execute_input" && parent.msg_id === id);
    expect(await client.beat()).toBeLessThan(1000);
    for (const channel of ["shell", "control"] as const) {
      const info = await client.ask("kernel_info_request", {}, channel, 2000);
      expect(info).toMatchObject({ status: "ok", implementation: "outgrow", protocol_version: "5.5" });
    }
    expect(await client.ask("comm_info_request", {}, "shell", 2000)).toEqual({ status: "ok", comms: {} });
    expect(await client.ask("history_request", { hist_access_type: "tail", n: 5 }, "shell", 2000)).toMatchObject({
      status: "ok",
    });
    expect(await client.ask("is_complete_request", { code: "function f() {" }, "shell", 5000)).toMatchObject({
      status: "incomplete",
    });
    expect(await client.ask("complete_request", { code: "%prof", cursor_pos: 5 }, "shell", 5000)).toMatchObject({
      status: "ok",
    });
    const last = () => client.received.findLast(({ type }) => type === "status");
    await expect.poll(() => [last()?.content.execution_state, last()?.parent.msg_id]).toEqual(["busy", id]);
    process.kill(rig.supervisor.executorPid() as number, "SIGKILL");
    expect((await client.finished(id)).reply.content.ename).toBe("ExecutorDied");
  });
});

describe("a request", () => {
  test.each([
    ["execute_request", { code: 7 }],
    ["complete_request", { cursor_pos: 3 }],
    ["inspect_request", { code: "x", cursor_pos: "end" }],
    ["is_complete_request", {}],
    ["history_request", { hist_access_type: "tail", n: "many" }],
    ["shutdown_request", { restart: "yes" }],
  ])("%s with content %j is answered with an error", async (type, content) => {
    expect(await client.ask(type, content)).toMatchObject({ status: "error", ename: "UsageError" });
  });

  test("usage tells memory and processor time of the whole kernel", async () => {
    await client.ask("usage_request", {}, "control");
    const usage = await client.ask("usage_request", {}, "control");
    expect(usage.kernel_memory).toBeGreaterThan(20 * 2 ** 20);
    expect(usage.kernel_cpu).toBeGreaterThanOrEqual(0);
    const host = usage.host_virtual_memory as Record<string, number>;
    expect(host.total).toBeGreaterThan(host.available as number);
    expect(usage.cpu_count).toBeGreaterThan(0);
  });

  test("to open a comm that nobody offers is answered by closing it, on iopub", async () => {
    const id = await client.send("shell", "comm_open", { comm_id: "c1", target_name: "nobody", data: {} });
    const closed = await client.waitFor(({ type }) => type === "comm_close");
    expect(closed).toMatchObject({ channel: "iopub", content: { comm_id: "c1" } });
    expect(closed.parent.msg_id).toBe(id);
  });
});

describe("completion", () => {
  test("counts in code points on both sides", async () => {
    const code = 'const s = "😀😀"; s.toUpp';
    const reply = await client.ask("complete_request", { code, cursor_pos: [...code].length });
    expect(reply.matches).toContain("toUpperCase");
    expect(reply.cursor_start).toBe([...code].length - "toUpp".length);
    expect(reply.cursor_end).toBe([...code].length);
  });
});
