import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { identityOf, isAlive } from "../../src/processes.ts";

test("a process that runs, one of somebody else, and one that there is not", () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(1)).toBe(true);
  expect(isAlive(spawnSync("true").pid)).toBe(false);
  expect(identityOf(process.pid)).toBe(identityOf(process.pid));
  expect(identityOf(process.pid)).not.toBe(identityOf(process.ppid));
});

test("a process that has ended and that nobody has fetched", async () => {
  // `exec` makes the shell a program that never asks for the end of the child it has.
  const parent = spawn("/bin/sh", ["-c", 'sh -c "read -r word" <&3 & echo $!; exec sleep 60'], {
    stdio: ["ignore", "pipe", "inherit", "pipe"],
  });
  try {
    const [text] = await once(parent.stdout as NodeJS.ReadableStream, "data");
    const pid = Number(String(text));
    expect(isAlive(pid)).toBe(true);
    (parent.stdio[3] as NodeJS.WritableStream).end();
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect(() => process.kill(pid, 0)).not.toThrow();
  } finally {
    parent.kill("SIGKILL");
  }
});
