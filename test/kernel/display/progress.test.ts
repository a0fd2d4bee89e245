import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createProgress, type ProgressState, withProgress } from "../../../kernel/display/progress.ts";
import { DataError, Interrupted } from "../../../src/errors.ts";
import { MIME } from "../../../src/render/bundle.ts";
import { renderProgress } from "../../../src/render/progress.ts";

interface Shown {
  readonly state: ProgressState;
  readonly displayId: string;
  readonly update: boolean;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});

afterEach(() => {
  vi.useRealTimers();
});

function bar() {
  const shown: Shown[] = [];
  const progress = createProgress({
    render: (state) => ({ state }),
    display: (data, options) => shown.push({ state: data.state as ProgressState, ...options }),
  });
  return { ...progress, shown };
}

describe("the bar", () => {
  test("quick work leaves no trace", () => {
    const { onProgress, end, shown } = bar();
    onProgress({ operation: "read", fraction: 0.5 });
    vi.advanceTimersByTime(499);
    end("done");
    vi.advanceTimersByTime(5000);
    expect(shown).toEqual([]);
  });

  test("appears after 500 ms under one id, then at most four times a second, the last state always", () => {
    const { onProgress, end, shown } = bar();
    for (let step = 0; step < 300; step++) {
      onProgress({ operation: "read", fraction: step / 300 });
      vi.advanceTimersByTime(10);
    }
    expect(shown.length).toBeGreaterThanOrEqual(9);
    expect(shown.length).toBeLessThanOrEqual(11);
    expect(shown.map(({ update }) => update)).toEqual([false, ...shown.slice(1).map(() => true)]);
    expect(new Set(shown.map(({ displayId }) => displayId)).size).toBe(1);
    onProgress({ operation: "read", fraction: 0.99, note: "1.2 GiB read" });
    vi.advanceTimersByTime(250);
    expect(shown.at(-1)?.state).toMatchObject({ fraction: 0.99, note: "1.2 GiB read", state: "running" });
    end("1,000 rows");
    expect(shown.at(-1)?.state).toMatchObject({ fraction: 1, note: "1,000 rows", state: "done" });
  });

  test("work that blocks the timers is drawn from its own reports", () => {
    const { onProgress, shown } = bar();
    onProgress({ operation: "read", fraction: 0.1 });
    vi.advanceTimersByTime(400);
    expect(shown).toHaveLength(0);
    vi.advanceTimersByTime(200);
    onProgress({ operation: "read", fraction: 0.2 });
    vi.advanceTimersByTime(300);
    expect(shown.map(({ state }) => state.fraction)).toEqual([0.1, 0.2]);
  });

  test.each([
    [new DataError("E_BAD_ROW", "bad row"), "failed"],
    [new Interrupted(), "stopped"],
  ])("%s: it stays where it stopped and says so", (error, state) => {
    const { onProgress, fail, end, shown } = bar();
    onProgress({ operation: "read", fraction: 0.4 });
    vi.advanceTimersByTime(600);
    fail(error);
    expect(shown.at(-1)?.state).toMatchObject({ fraction: 0.4, state });
    const count = shown.length;
    end("too late");
    onProgress({ operation: "read", fraction: 0.9 });
    vi.advanceTimersByTime(1000);
    expect(shown).toHaveLength(count);
  });

  test("every run has an id of its own", () => {
    const ids = [bar(), bar()].map(({ onProgress, shown }) => {
      onProgress({ operation: "read" });
      vi.advanceTimersByTime(600);
      return shown[0]?.displayId;
    });
    expect(ids[0]).toBeTypeOf("string");
    expect(ids[0]).not.toBe(ids[1]);
  });
});

test("of work whose fraction stands still the time that is left counts down, and is not told when it is over", () => {
  const shown: string[] = [];
  const { onProgress } = createProgress({
    render: (state) => renderProgress(state).data,
    display: (data) => shown.push(String(data[MIME.text])),
  });
  onProgress({ operation: "read", fraction: 0.25 });
  vi.advanceTimersByTime(1000);
  onProgress({ operation: "read", fraction: 0.5 });
  vi.advanceTimersByTime(400);
  onProgress({ operation: "read", fraction: 0.5 });
  vi.advanceTimersByTime(300);
  expect(shown.at(-1)).toMatch(/^read · 50 % · 1\.\d\d s, \d+ ms left$/);
  vi.advanceTimersByTime(5000);
  expect(shown.at(-1)).toMatch(/^read · 50 % · 6\.\d\d s$/);
});

test("a report stands below the bar, is made when it is drawn, and the last one takes its place", () => {
  let made = 0;
  const shown: string[] = [];
  const { onProgress, end } = createProgress({
    render: (state) => renderProgress(state).data,
    display: (data) => shown.push(`${data[MIME.text]}|${data[MIME.html]}`),
  });
  const report = (text: string) => () => {
    made++;
    return { blocks: [{ kind: "text", text }] };
  };
  for (let step = 1; step <= 100; step++) {
    onProgress({ operation: "read", fraction: step / 200, rows: step * 1000, report: report(`at ${step}`) });
    vi.advanceTimersByTime(10);
  }
  expect(made).toBe(shown.length);
  expect(shown.at(-1)).toMatch(
    /^read · 50 % · 100,000 rows a second · 1\.00 s, 1\.00 s left\n\nat 100\|.*<progress.*<p>at 100<\/p>/s,
  );
  const { data } = renderProgress({
    operation: "read",
    seconds: 1,
    state: "running",
    report: report("in all forms"),
  });
  expect(data[MIME.markdown]).toContain("in all forms");
  expect(end("100 rows", report("all"))).toBe(true);
  expect(shown.at(-1)).toMatch(/^read · 100 rows · 1\.00 s\n\nall\|/);
  const quick = createProgress({ render: () => ({}), display: () => shown.push("never") });
  expect(quick.end("1 row", report("none"))).toBe(false);
});

test("withProgress closes the bar in every case", async () => {
  const calls: string[] = [];
  const probe = {
    onProgress: () => {},
    end: (summary?: string) => calls.push(`end ${summary}`) > 0,
    fail: (error: unknown) => calls.push(`fail ${error}`) > 0,
  };
  expect(
    await withProgress(
      probe,
      async () => 3,
      (value) => `${value} rows`,
    ),
  ).toBe(3);
  await expect(withProgress(probe, () => Promise.reject(new Interrupted()))).rejects.toThrow(Interrupted);
  expect(calls).toEqual(["end 3 rows", "fail Interrupted: stopped by the user"]);
});
