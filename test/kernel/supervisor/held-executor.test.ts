import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { ToSupervisor } from "../../../kernel/link/messages.ts";
import { Executor } from "../../../kernel/supervisor/executor.ts";

let heard: ToSupervisor[];
let deaths: string[];
let executor: Executor;

beforeEach(async () => {
  heard = [];
  deaths = [];
  executor = new Executor(fileURLToPath(new URL("fake-executor.mjs", import.meta.url)), {
    onMessage: (message) => heard.push(message),
    onRaw: () => undefined,
    onDeath: (cause) => deaths.push(cause),
  });
  await told("ready");
});

afterEach(() => executor.close());

function told(type: ToSupervisor["type"]): Promise<void> {
  return expect.poll(() => heard.some((message) => message.type === type), { timeout: 10_000 }).toBe(true);
}

function run(cell: number, code: string): void {
  executor.send({
    type: "run",
    cell,
    code,
    executionCount: cell,
    silent: false,
    userExpressions: {},
    allowStdin: false,
  });
}

test("is not ended for a stop that it may have obeyed", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  executor.hold(true);
  run(1, "obedient");
  executor.interrupt(1);
  vi.advanceTimersByTime(20_000);
  vi.useRealTimers();
  executor.hold(false);
  await told("done");
  expect(deaths).toEqual([]);
});

test("ends in order, also when nobody had heard it", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "outgrow-held-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "session");
  run(1, `session ${file}`);
  await told("done");
  executor.hold(true);
  run(2, "burst 100000");
  await executor.close();
  expect(readFileSync(file, "utf8")).toBe("closed");
});
