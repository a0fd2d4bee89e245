import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, readdirSync, rmSync, symlinkSync, truncateSync, utimesSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { DataError, UsageError } from "../../../src/errors.ts";
import { currentFiles, OpenFile } from "../../../src/scan/threads/byte-sources.ts";
import { sourceOf, testFolder, writeSource } from "./scan-table.ts";

const folder = testFolder();

describe("an open file", () => {
  test("gives its bytes from anywhere, in whatever pieces are asked for", () => {
    using open = new OpenFile(writeSource(folder, "plain", "0123456789"));
    const into = Buffer.alloc(4);
    const source = open.from(3);
    const read = () => into.subarray(0, source.read(into)).toString();
    expect([read(), read(), read()]).toEqual(["3456", "789", ""]);
  });

  test("that becomes shorter while it is read is an error", () => {
    const file = writeSource(folder, "shrinks", "x".repeat(1000));
    using open = new OpenFile(file);
    const source = open.from(0);
    source.read(Buffer.alloc(100));
    truncateSync(file.path, 100);
    expect(() => source.read(Buffer.alloc(100))).toThrow(
      expect.objectContaining({ code: "E_FILE_CHANGED", message: "shrinks became shorter while it was being read" }),
    );
    expect(() => open.verify()).toThrow(DataError);
  });

  test("that grows while it is read is an error, and nothing of what was added is read", () => {
    const file = writeSource(folder, "grows", "abc");
    using open = new OpenFile(file);
    appendFileSync(file.path, "def");
    const into = Buffer.alloc(10);
    expect(open.from(0).read(into)).toBe(3);
    expect(() => open.verify()).toThrow("grows grew while it was being read");
  });

  test("that is written to without a change of its size is an error", () => {
    const file = writeSource(folder, "touched", "abc");
    using open = new OpenFile(file);
    utimesSync(file.path, 1, 2);
    expect(() => open.verify()).toThrow("touched was written to while it was being read");
  });

  test("is closed when it is not as expected", () => {
    const before = readdirSync("/proc/self/fd").length;
    expect(() => new OpenFile({ ...writeSource(folder, "other", "abc"), bytes: 5 })).toThrow("became shorter");
    expect(readdirSync("/proc/self/fd").length).toBe(before);
  });
});

describe("what is no file that can be read", () => {
  test("a file that is gone", () => {
    const file = writeSource(folder, "gone", "abc");
    rmSync(file.path);
    expect(() => currentFiles([file])).toThrow(
      expect.objectContaining({ code: "E_FILE_CHANGED", message: "gone is gone: it was moved or removed" }),
    );
  });

  test("a folder", () => {
    expect(() => currentFiles([sourceOf(folder)])).toThrow(UsageError);
    expect(() => currentFiles([sourceOf(folder)])).toThrow(/ is a folder and not a file$/);
  });

  test("a pipe, which nobody waits at", () => {
    const pipe = path.join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    expect(() => currentFiles([sourceOf(pipe)])).toThrow("pipe is a pipe and not a file");
  });

  test("a device", () => {
    expect(() => currentFiles([sourceOf("/dev/zero")])).toThrow("zero is a device and not a file");
  });

  test("a file without permission", () => {
    const file = writeSource(folder, "secret", "abc");
    chmodSync(file.path, 0);
    const user = process.geteuid?.();
    // The superuser may read everything.
    if (user === 0) process.seteuid?.(65_534);
    try {
      expect(() => currentFiles([file])).toThrow(
        expect.objectContaining({ code: "E_UNREADABLE", hint: `allow it with chmod u+r "${file.path}"` }),
      );
    } finally {
      if (user === 0) process.seteuid?.(0);
    }
  });

  test("a ring of links", () => {
    const link = path.join(folder, "ring");
    symlinkSync(link, link);
    expect(() => currentFiles([{ path: link, bytes: 1, mtimeMs: 0 }])).toThrow("cannot read ring: ELOOP");
  });
});
