import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../support/python.ts";
import { launchBrowser } from "./browser.ts";
import { changeTheme, execute, Lab, notebookOf, waitForIdle } from "./lab.ts";

const folder = path.join(root, ".outgrow", "debugger-test");
const pictures = path.join(root, ".outgrow", "screenshots");

/** A shared machine may be slow; the test itself has an end. */
const PATIENCE = { timeout: 30_000, interval: 50 };

const CODE = `interface Order { item: string; price: number }
const orders: Order[] = [{ item: "pear", price: 2 }, { item: "fig", price: 3 }];
function total(list: readonly Order[], rate: number): number {
  let sum: number = 0;
  for (const { price } of list) {
    sum += price * rate;
  }
  return sum;
}
const sales = new Float64Array(1000);
total(orders, 1.5);`;

/** What a person does: the bug, a click into the gutter, run, look, step, go on. */
describe("the debugger in JupyterLab", () => {
  let lab: Lab;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    mkdirSync(pictures, { recursive: true });
    writeFileSync(path.join(folder, "debug.ipynb"), notebookOf(CODE, "orders.length"));
    [lab, browser] = await Promise.all([Lab.start(folder), launchBrowser()]);
    page = await browser.newPage({ viewport: { width: 1500, height: 1000 } });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await lab?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("stands at a breakpoint, shows the variables, steps and goes on", async () => {
    await lab.open(page, "debug.ipynb");
    const panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
    const cell = panel.locator(".jp-CodeCell").nth(0);
    const line = () => expect.poll(() => cell.locator(".jp-DebuggerEditor-highlight").innerText(), PATIENCE);

    await panel.locator(".jp-DebuggerBugButton").click();
    await expect.poll(() => page.locator(".jp-DebuggerVariables").isVisible(), PATIENCE).toBe(true);
    const gutter = cell.locator(".cm-breakpoint-gutter .cm-gutterElement");
    await expect.poll(() => gutter.count(), PATIENCE).toBeGreaterThan(6);
    await gutter.nth(6).click();
    await expect.poll(() => page.locator(".jp-DebuggerBreakpoint").count(), PATIENCE).toBe(1);
    await cell.locator(".cm-content").click();
    await page.keyboard.press("Shift+Enter");
    await line().toContain("sum += price");
    const variables = page.locator(".jp-DebuggerVariables");
    await expect.poll(() => variables.innerText(), PATIENCE).toContain("list\nArray(2) [{…}, {…}]");
    expect(await page.locator(".jp-DebuggerCallstack").innerText()).toMatch(
      /total[\s\S]*:6[\s\S]*cell-1\.ts[\s\S]*:11/,
    );
    await page.screenshot({ path: path.join(pictures, "debugger-light.png") });
    await changeTheme(page, "JupyterLab Dark");
    await page.screenshot({ path: path.join(pictures, "debugger-dark.png") });
    await changeTheme(page, "JupyterLab Light");
    await execute(page, "debugger:next");
    await line().toContain("for (const");
    await execute(page, "debugger:continue");
    await line().toContain("sum += price");
    await expect.poll(() => variables.innerText(), PATIENCE).toContain("sum\n3");
    await execute(page, "debugger:continue");
    await waitForIdle(page);
    await expect.poll(() => cell.locator(".jp-OutputArea-output").innerText(), PATIENCE).toContain("7.5");
    await expect
      .poll(() => variables.innerText(), PATIENCE)
      .toContain("sales\nFloat64Array(1,000) [0, 0, 0, 0, 0, …], 7.8 KiB");
    await page.screenshot({ path: path.join(pictures, "debugger-done.png") });
  }, 120_000);

  test("Stop ends what stands, and the next cell runs", async () => {
    const panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
    const cell = panel.locator(".jp-CodeCell").nth(0);
    const highlight = () => expect.poll(() => cell.locator(".jp-DebuggerEditor-highlight").innerText(), PATIENCE);
    await cell.locator(".cm-content").click();
    await page.keyboard.press("Shift+Enter");
    await highlight().toContain("sum += price");
    await panel.locator('[data-jp-item-name="interrupt"]').click();
    await waitForIdle(page);
    await expect.poll(() => cell.locator(".jp-DebuggerEditor-highlight").count(), PATIENCE).toBe(0);
    await panel.locator(".jp-CodeCell").nth(1).locator(".cm-content").click();
    await page.keyboard.press("Shift+Enter");
    await expect
      .poll(() => panel.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea").innerText(), PATIENCE)
      .toContain("2");
  }, 120_000);
});
