import { type existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, type writeSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { WholeText } from "../../../kernel/supervisor/whole-text.ts";

/** Bytes that the disk still takes; it takes seven at a time. */
let room = Number.POSITIVE_INFINITY;
vi.mock("node:fs", async (original) => {
  const fs = await original<{ writeSync: typeof writeSync; existsSync: typeof existsSync }>();
  return {
    ...fs,
    writeSync: (fd: number, bytes: Buffer, at: number) => {
      if (room <= 0) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
      const written = fs.writeSync(fd, bytes, at, Math.min(7, room, bytes.length - at));
      room -= written;
      return written;
    },
  };
});

const folder = mkdtempSync(path.join(os.tmpdir(), "outgrow-whole-"));
beforeEach(() => {
  process.env.OUTGROW_DATA_DIR = folder;
  room = Number.POSITIVE_INFINITY;
});
afterAll(() => rmSync(folder, { recursive: true }));

test("all of it is in the file, also where the disk takes it in parts", () => {
  const text = new WholeText();
  text.add("what stood before, ünd ");
  expect(text.whereabouts).toBeUndefined();
  text.toFile();
  text.add("what came after 😀\n");
  const file = /^all of it is in (.*)$/.exec(text.whereabouts ?? "")?.[1] ?? "";
  expect(readFileSync(file, "utf8")).toBe("what stood before, ünd what came after 😀\n");
  text.end();
  rmSync(file);
});

test.each([
  ["at once", 0],
  ["in the middle", 30],
])("a disk that is full %s is told, and keeps no part", (_, left) => {
  room = left;
  const text = new WholeText();
  text.add("what stood before, ");
  text.toFile();
  text.add("what came after, of which only a part fits\n");
  expect(text.whereabouts).toBe("it could not be kept in a file: ENOSPC: no space left on device, write");
  expect(readdirSync(path.join(folder, "outputs"))).toEqual([]);
  text.end();
  // The next cell tries again.
  room = 1000;
  text.add("x");
  text.toFile();
  expect(text.whereabouts).toContain("all of it is in");
  text.end();
  rmSync(path.join(folder, "outputs"), { recursive: true });
});
