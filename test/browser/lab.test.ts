import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root, workingCopy } from "../support/python.ts";
import { launchBrowser } from "./browser.ts";
import { changeTheme, execute, Lab, notebookOf, waitForBusy, waitForIdle } from "./lab.ts";

const TUTORIAL = "01-profile-and-chunk.ipynb";
const folder = path.join(root, ".outgrow", "browser-test");
const pictures = path.join(root, ".outgrow", "screenshots");

/** A shared machine may be slow; the test itself has an end. */
const PATIENCE = { timeout: 30_000, interval: 50 };

/** What a person does: open the tutorial, run all, look, press Stop, export by the menu. */
describe("the tutorial in JupyterLab", () => {
  let lab: Lab;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    mkdirSync(pictures, { recursive: true });
    cpSync(path.join(root, "notebooks", TUTORIAL), path.join(folder, TUTORIAL));
    symlinkSync(path.join(workingCopy, "data"), path.join(folder, "data"));
    writeFileSync(path.join(folder, "spin.ipynb"), notebookOf("const kept = 40;", "while (true) {}", "kept + 1"));
    writeFileSync(
      path.join(folder, "widget.ipynb"),
      notebookOf(WIDGET, "counter.state.value = 20; counter.state.doubled = 40; counter.state.value"),
    );
    [lab, browser] = await Promise.all([Lab.start(folder), launchBrowser()]);
    page = await browser.newPage({ viewport: { width: 1360, height: 1000 }, acceptDownloads: true });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await lab?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("runs all cells and shows the tables, light and dark", async () => {
    await lab.open(page, TUTORIAL);
    // The saved outputs must not stand in for those of this run.
    await execute(page, "notebook:clear-all-cell-outputs");
    expect(await page.locator(".jp-OutputArea-output").count()).toBe(0);
    await execute(page, "notebook:run-all-cells");
    await waitForIdle(page, 170_000);
    await expect
      .poll(() => page.locator(".jp-OutputArea-output table").count(), { timeout: 60_000 })
      .toBeGreaterThanOrEqual(6);
    expect(await page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]').count()).toBe(0);
    await page
      .locator(".jp-WindowedPanel-outer")
      .first()
      .evaluate((outer) => outer.scrollTo(0, 0));
    await page.waitForTimeout(500);
    await page.screenshot({ path: path.join(pictures, "tutorial-light.png") });
    await changeTheme(page, "JupyterLab Dark");
    await page.screenshot({ path: path.join(pictures, "tutorial-dark.png") });
    await changeTheme(page, "JupyterLab Light");
    await execute(page, "docmanager:save");
  }, 240_000);

  test("exports by the menu with whole tables", async () => {
    await page.locator(".lm-MenuBar-itemLabel", { hasText: /^File$/ }).click();
    await page.locator(".lm-Menu-itemLabel", { hasText: "Save and Export Notebook As" }).hover();
    const download = page.waitForEvent("download", { timeout: 60_000 });
    await page.locator(".lm-Menu-itemLabel", { hasText: /^HTML$/ }).click();
    // JupyterLab 4.6 asks, with "Sanitize HTML output" checked: the default that people accept.
    await page.locator(".jp-Dialog .jp-mod-accept").click();
    const file = path.join(pictures, "tutorial.html");
    await (await download).saveAs(file);
    const html = readFileSync(file, "utf8");
    expect(html.match(/<table/g)?.length ?? 0).toBeGreaterThanOrEqual(6);
    expect(html).not.toMatch(/&lt;\/?(table|tbody|thead|th|td|caption|small)\b/);
    const exported = await browser.newPage({ viewport: { width: 1200, height: 1000 } });
    await exported.goto(`file://${file}`);
    await exported.screenshot({ path: path.join(pictures, "tutorial-export.png") });
    await exported.close();
  }, 120_000);

  test("a widget talks to its model, light and dark, and is there again after a reload", async () => {
    await lab.open(page, "widget.ipynb");
    const panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
    const view = panel.locator(".outgrow-counter");
    const says = () => expect.poll(() => view.locator("output").innerText(), PATIENCE);
    await panel.locator(".cm-content").nth(0).click();
    await page.keyboard.press("Shift+Enter");
    await says().toBe("1, doubled 2, 3 bytes");
    await view.locator("button").click();
    await says().toBe("2, doubled 4, 3 bytes");
    expect(await view.evaluate(borderOf)).toBe("solid");
    await page.screenshot({ path: path.join(pictures, "widget-light.png") });
    await changeTheme(page, "JupyterLab Dark");
    await page.screenshot({ path: path.join(pictures, "widget-dark.png") });
    await changeTheme(page, "JupyterLab Light");
    await panel.locator(".cm-content").nth(1).click();
    await page.keyboard.press("Shift+Enter");
    await says().toBe("20, doubled 40, 3 bytes");
    await execute(page, "docmanager:save");
    await lab.open(page, "widget.ipynb");
    await says().toBe("20, doubled 40, 3 bytes");
    await view.locator("button").click();
    await says().toBe("21, doubled 42, 3 bytes");
  }, 120_000);

  test("Stop ends a spinning cell and keeps the variables", async () => {
    await lab.open(page, "spin.ipynb");
    const panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
    const cell = (index: number) => panel.locator(".jp-CodeCell").nth(index);
    const runCell = async (index: number): Promise<void> => {
      await cell(index).locator(".cm-content").click();
      await page.keyboard.press("Shift+Enter");
    };
    const prompt = (index: number) => expect.poll(() => cell(index).locator(".jp-InputPrompt").innerText(), PATIENCE);
    const output = (index: number) => expect.poll(() => cell(index).locator(".jp-OutputArea").innerText(), PATIENCE);

    await runCell(0);
    await prompt(0).toBe("[1]:");
    await runCell(1);
    await prompt(1).toBe("[*]:");
    await waitForBusy(page);
    await panel.locator('[data-jp-item-name="interrupt"]').click();
    await output(1).toContain("Interrupted");
    // As soon as a person sees that it stopped, the next cell may be run.
    await runCell(2);
    await output(2).toContain("41");
    await prompt(2).toBe("[3]:");
  }, 90_000);
});

/** Its button changes the state there, its model doubles it here, its bytes travel apart. */
const WIDGET = `const counter = widget({
  state: { value: 1, doubled: 2, pixels: new Uint8Array([1, 2, 3]) },
  css: ".outgrow-counter { color: var(--jp-ui-font-color1); padding: 8px; border: 1px solid var(--jp-border-color1); }",
  esm: \`export default {
    render({ model, el }) {
      el.classList.add("outgrow-counter");
      const button = Object.assign(document.createElement("button"), { textContent: "one more" });
      const says = document.createElement("output");
      const show = () => {
        says.textContent = model.get("value") + ", doubled " + model.get("doubled") + ", " + model.get("pixels").byteLength + " bytes";
      };
      button.onclick = () => { model.set("value", model.get("value") + 1); model.save_changes(); };
      model.on("change", show);
      show();
      el.append(button, " ", says);
    }
  }\`,
});
counter.on("value", (value) => { counter.state.doubled = value * 2; });
counter`;

/** Runs in the page. */
function borderOf(element: unknown): string {
  const { getComputedStyle } = globalThis as unknown as { getComputedStyle(of: unknown): { borderTopStyle: string } };
  return getComputedStyle(element).borderTopStyle;
}
