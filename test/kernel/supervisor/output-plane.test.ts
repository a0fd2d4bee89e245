import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { OutputPlane } from "../../../kernel/supervisor/output-plane.ts";

interface Sent {
  readonly at: number;
  readonly type: string;
  readonly text: string;
  readonly parent: unknown;
}

let sent: Sent[];
let plane: OutputPlane;

const folder = mkdtempSync(path.join(os.tmpdir(), "outgrow-output-"));
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(() => {
  process.env.OUTGROW_DATA_DIR = folder;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  sent = [];
  plane = new OutputPlane((type, content, parent) => {
    sent.push({ at: performance.now(), type, text: String(content.text ?? ""), parent });
  });
  plane.open(1, { msg_id: "one" }, false);
  plane.open(2, { msg_id: "two" }, false);
});

afterEach(() => {
  vi.useRealTimers();
});

const allText = (): string => sent.map(({ text }) => text).join("");

/** The most that a window of three seconds held, as the server counts. */
function worstWindow(): { readonly bytes: number; readonly messages: number } {
  const windows = sent.map(({ at }) => sent.filter((other) => other.at >= at && other.at < at + 3000));
  return {
    bytes: Math.max(
      ...windows.map((each) => each.reduce((sum, { text }) => sum + Buffer.byteLength(JSON.stringify(text)), 0)),
    ),
    messages: Math.max(...windows.map((each) => each.length)),
  };
}

describe("the output plane", () => {
  test("merges what is printed within a moment, and sends without being asked", async () => {
    for (const word of ["a", "b", "c"]) plane.text(1, "stdout", word);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(80);
    expect(sent.map(({ text }) => text)).toEqual(["abc"]);
  });

  test("keeps cells, streams and outputs in order and apart", async () => {
    plane.text(1, "stdout", "a");
    plane.text(2, "stdout", "b");
    plane.text(2, "stderr", "c");
    plane.message(2, "display_data", {});
    plane.text(1, "stdout", "d");
    await plane.drain(1);
    expect(sent.map(({ type, text }) => text || type)).toEqual(["a", "b", "c", "display_data", "d"]);
    expect(sent.map(({ parent }) => (parent as { msg_id: string }).msg_id)).toEqual([
      "one",
      "two",
      "two",
      "two",
      "one",
    ]);
  });

  test("stays under the server's limits without losing a line", async () => {
    const lines = Array.from({ length: 40_000 }, (_, line) => `${line} ${"é".repeat(40)}\n`);
    for (const line of lines) plane.text(1, "stdout", line);
    const drained = plane.drain(1);
    await vi.advanceTimersByTimeAsync(10_000);
    await drained;
    expect(allText()).toBe(lines.join(""));
    expect(worstWindow().bytes).toBeLessThan(3_000_000);
  });

  test("lets a slow long run print without end", async () => {
    for (let second = 0; second < 60; second++) {
      plane.text(1, "stdout", `${String(second % 10).repeat(120_000)}\n`);
      await vi.advanceTimersByTimeAsync(1000);
    }
    await plane.drain(1);
    expect(allText().length).toBe(60 * 120_001);
  });

  test("sends thousands of displays within the server's limits, all of them", async () => {
    for (let n = 0; n < 5000; n++) plane.message(1, "display_data", { text: `${n} ` });
    const drained = plane.drain(1);
    await vi.advanceTimersByTimeAsync(10_000);
    await drained;
    expect(allText()).toBe(Array.from({ length: 5000 }, (_, n) => `${n} `).join(""));
    expect(worstWindow().messages).toBeLessThan(3000);
  });

  test("of displays that wait leaves out what is too large to be held", async () => {
    const picture = { data: { "image/png": "x".repeat(20_000_000) }, metadata: {} };
    // What comes while nothing waits is sent whatever it is.
    plane.message(1, "display_data", picture);
    for (let n = 0; n < 2800; n++) plane.message(1, "clear_output", {});
    for (let n = 0; n < 6; n++) plane.message(1, "display_data", picture);
    const drained = plane.drain(1);
    await vi.advanceTimersByTimeAsync(10_000);
    await drained;
    expect(sent.filter(({ type }) => type === "display_data")).toHaveLength(4);
    expect(allText()).toContain("… 3 outputs left out …");
    for (let n = 0; n < 6; n++) plane.message(1, "display_data", picture);
    expect(sent.filter(({ type }) => type === "display_data")).toHaveLength(10);
  });

  test("of updates shows the last also where no other output can wait", async () => {
    for (let n = 0; n < 2700 + 2499; n++) plane.message(1, "display_data", {});
    for (let n = 0; n < 100; n++)
      plane.message(1, "update_display_data", { text: `${n} `, transient: { display_id: "bar" } });
    const drained = plane.drain(1);
    await vi.advanceTimersByTimeAsync(20_000);
    await drained;
    expect(sent.at(-1)?.text).toBe("99 ");
  });

  test("of updates that wait for one display shows the last", async () => {
    for (let n = 0; n < 50_000; n++)
      plane.message(1, "update_display_data", { text: `${n} `, transient: { display_id: "bar" } });
    const drained = plane.drain(1);
    await vi.advanceTimersByTimeAsync(10_000);
    await drained;
    expect(sent.at(-1)?.text).toBe("49999 ");
    expect(sent.length).toBeLessThan(3000);
  });

  test("cuts between lines and never within a character", async () => {
    plane.text(1, "stdout", `${"😀".repeat(300_000)}`);
    await plane.drain(1);
    expect(allText()).toBe("😀".repeat(300_000));
    expect(sent.every(({ text }) => !/\p{Surrogate}/u.test(text))).toBe(true);
    plane.text(1, "stdout", "half \ud83d pair");
    await plane.drain(1);
    expect(sent.at(-1)?.text).toBe("half \ufffd pair");
  });

  test("starts its count anew at idle, as the server does", async () => {
    for (let run = 0; run < 5; run++) {
      plane.text(1, "stdout", `${"x".repeat(2_000_000)}\n`);
      await plane.drain(1);
      plane.idle();
    }
    expect(allText().length).toBe(5 * 2_000_001);
  });

  test("leaves out what a stopped flood still sends, but for its end, until its reply", async () => {
    const lines = (from: number) => Array.from({ length: 100_000 }, (_, index) => `line ${from + index}\n`).join("");
    for (let from = 0; from < 400_000; from += 100_000) plane.text(1, "stdout", lines(from));
    const before = allText().length;
    plane.hurry(1);
    plane.idle();
    // The pipe held these when Stop came.
    for (let from = 400_000; from < 600_000; from += 100_000) plane.text(1, "stdout", lines(from));
    expect(allText().length).toBe(before);
    await plane.drain(1);
    const after = allText().slice(before);
    expect(after).toMatch(/lines .* of text left out/);
    expect(after.endsWith("line 599999\n")).toBe(true);
    expect(after.length).toBeLessThan(100_000);
    plane.text(1, "stdout", "a timer of it\n");
    await plane.drain(1);
    expect(allText().endsWith("line 599999\na timer of it\n")).toBe(true);
  });

  test("drops what nobody can be shown", async () => {
    plane.text(99, "stdout", "no such cell");
    plane.open(3, {}, true);
    plane.message(3, "execute_result", {});
    await plane.drain(3);
    expect(sent).toEqual([]);
  });
});
