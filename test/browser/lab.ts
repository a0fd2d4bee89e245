import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { jupyterEnvironment, python } from "../support/python.ts";

/** What the page's own application object offers to the test (jupyterapp of JupyterLab 4). */
interface LabWindow {
  readonly jupyterapp: {
    readonly restored: Promise<void>;
    readonly commands: { execute(command: string, args?: object): Promise<unknown> };
    readonly shell: {
      readonly currentWidget: {
        readonly context: { readonly model: { readonly dirty: boolean } };
        readonly sessionContext: {
          readonly ready: Promise<void>;
          readonly session: {
            readonly kernel: {
              readonly info: Promise<unknown>;
              readonly connectionStatus: string;
              readonly status: string;
            } | null;
          } | null;
        };
      };
    };
  };
}

/** A JupyterLab server on loopback over `folder`, ended by `close`. */
export class Lab {
  readonly #server: ChildProcess;
  readonly #token: string;
  readonly #port: number;

  private constructor(server: ChildProcess, port: number, token: string) {
    this.#server = server;
    this.#port = port;
    this.#token = token;
  }

  static async start(folder: string): Promise<Lab> {
    const env = await jupyterEnvironment();
    const token = randomBytes(16).toString("hex");
    const args = [
      "-m",
      "jupyterlab",
      "--no-browser",
      "--ServerApp.port=0",
      "--ServerApp.ip=127.0.0.1",
      `--ServerApp.root_dir=${folder}`,
      "--LabApp.expose_app_in_browser=True",
      ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
    ];
    const server = spawn(python, args, {
      cwd: folder,
      env: { ...env, JUPYTER_TOKEN: token },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let words = "";
    server.stderr?.on("data", (chunk) => {
      words = (words + chunk).slice(-4000);
    });
    const file = path.join(env.JUPYTER_RUNTIME_DIR ?? "", `jpserver-${server.pid}.json`);
    for (let tries = 0; !existsSync(file); tries++) {
      if (tries > 900 || server.exitCode !== null) throw new Error(`JupyterLab did not start:\n${words}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    return new Lab(server, JSON.parse(readFileSync(file, "utf8")).port, token);
  }

  /** Opens a notebook and waits until its kernel is connected and idle: earlier, Shift+Enter is lost in silence. */
  async open(page: Page, notebook: string): Promise<void> {
    await page.goto(`http://127.0.0.1:${this.#port}/lab/tree/${notebook}?token=${this.#token}&reset`);
    await page.waitForFunction(() => "jupyterapp" in globalThis);
    await page.evaluate(() => (globalThis as unknown as LabWindow).jupyterapp.restored);
    await page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell").first().waitFor();
    await waitForIdle(page);
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#server.once("exit", resolve));
    this.#server.kill("SIGTERM");
    await gone;
  }
}

/** Waits until the kernel of the open notebook is connected and idle. */
export async function waitForIdle(page: Page, timeout = 120_000): Promise<void> {
  await waitForStatus(page, "idle", timeout);
}

/** Waits until the kernel of the open notebook runs a cell. */
export async function waitForBusy(page: Page, timeout = 30_000): Promise<void> {
  await waitForStatus(page, "busy", timeout);
}

async function waitForStatus(page: Page, wanted: "idle" | "busy", timeout: number): Promise<void> {
  // The page's own `waitForFunction` takes the promise of an asynchronous function for a yes and waits for nothing.
  const status = () =>
    page.evaluate(async () => {
      const context = (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget?.sessionContext;
      if (!context?.session?.kernel) return "no kernel";
      await context.ready;
      await context.session?.kernel?.info;
      const { connectionStatus, status } = context.session?.kernel ?? {};
      return connectionStatus === "connected" ? status : connectionStatus;
    });
  await expect.poll(status, { timeout, interval: 100 }).toBe(wanted);
}

export async function execute(page: Page, command: string, args: object = {}): Promise<void> {
  await page.evaluate(
    ([name, options]) =>
      (globalThis as unknown as LabWindow).jupyterapp.commands.execute(name, options).then(() => undefined),
    [command, args] as const,
  );
}

/** Changes the theme, and waits until the page has it. */
export async function changeTheme(page: Page, theme: "JupyterLab Light" | "JupyterLab Dark"): Promise<void> {
  await execute(page, "apputils:change-theme", { theme });
  await page.locator(`body[data-jp-theme-name="${theme}"]`).waitFor({ state: "attached" });
}

/** A notebook of our kernel with these cells. */
export function notebookOf(...sources: readonly string[]): string {
  const cells = sources.map((source, index) => ({
    cell_type: "code",
    id: `cell-${index}`,
    metadata: {},
    source: [source],
    outputs: [],
    execution_count: null,
  }));
  const kernelspec = { name: "outgrow", display_name: "TypeScript (Outgrow)", language: "typescript" };
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells });
}
