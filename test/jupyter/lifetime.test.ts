import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { root, run } from "../support/python.ts";
import { makeConnection } from "./client.ts";
import { noneLeft, processesIn, type RunningKernel, startKernel } from "./kernel-process.ts";

/** Cells that leave something running: timers, children, children that left the group. */
const RESTLESS = [
  "setInterval(() => {}, 10);",
  "const { spawn } = await import('node:child_process');",
  "spawn('sleep', ['300']); spawn('sleep', ['300'], { detached: true }).unref();",
];

describe("the end of a kernel leaves no process behind", () => {
  let kernel: RunningKernel;

  beforeEach(async () => {
    kernel = await startKernel({ wrap: true });
    for (const cell of RESTLESS) await kernel.client.execute(cell);
    expect(processesIn(kernel.folder).length).toBeGreaterThanOrEqual(5);
  });

  afterEach(() => {
    kernel.client.close();
    for (const pid of processesIn(kernel.folder)) process.kill(pid, "SIGKILL");
    rmSync(kernel.folder, { recursive: true, force: true });
  });

  /** The test's own process between, which stands for Jupyter, is not the kernel's. */
  const left = async (): Promise<readonly number[]> => {
    kernel.process.kill("SIGKILL");
    return noneLeft(kernel.folder, 5000);
  };

  test.each([true, false])("after a shutdown request with restart %s, also while a cell spins", async (restart) => {
    await kernel.client.startCell("for (;;);");
    expect(await kernel.client.ask("shutdown_request", { restart }, "control")).toEqual({ status: "ok", restart });
    await kernel.client.waitFor(({ channel, type }) => channel === "iopub" && type === "shutdown_reply");
    await expect.poll(() => processesIn(kernel.folder), { timeout: 3000 }).toEqual([kernel.process.pid]);
    expect(await left()).toEqual([]);
  });

  test("after the death of its parent", async () => {
    expect(await left()).toEqual([]);
  });

  test("after the death of its parent while a cell spins", async () => {
    await kernel.client.startCell("for (;;);");
    expect(await left()).toEqual([]);
  });

  test("after SIGTERM, but not after SIGINT", async () => {
    const main = processesIn(kernel.folder).find((pid) => pid !== kernel.process.pid) as number;
    process.kill(main, "SIGINT");
    expect((await kernel.client.execute("1")).reply.content.status).toBe("ok");
    process.kill(main, "SIGTERM");
    await expect.poll(() => processesIn(kernel.folder), { timeout: 3000 }).toEqual([kernel.process.pid]);
  });
});

describe("a kernel that cannot start says why and ends", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "outgrow-start-"));
  const start = (file: string) =>
    run(process.execPath, [path.join(root, "dist/kernel/main.js"), "kernel", file], { env: process.env });

  afterEach(() => rmSync(path.join(folder, "kernel.json"), { force: true }));

  test("without a connection file", async () => {
    const { code, stderr } = await start(path.join(folder, "absent.json"));
    expect(code).toBe(1);
    expect(stderr).toMatch(/connection file ".*absent\.json" cannot be read/);
  });

  test("on a port that is taken", async () => {
    const kernel = await startKernel();
    const file = path.join(folder, "kernel.json");
    const connection = { ...(await makeConnection()), shell_port: kernel.client.connection.shell_port };
    writeFileSync(file, JSON.stringify(connection));
    const { code, stderr } = await start(file);
    await kernel.stop();
    expect(code).toBe(1);
    expect(stderr).toMatch(/cannot listen on tcp:\/\/127\.0\.0\.1:\d+/);
  });
});
