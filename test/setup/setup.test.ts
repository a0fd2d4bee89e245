import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { python, root, run, workingCopy } from "../support/python.ts";

describe("set-up", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "outgrow-setup-"));

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("without Python it names the step and the package to install", async () => {
    cpSync(path.join(root, "scripts"), path.join(folder, "scripts"), { recursive: true });
    writeFileSync(path.join(folder, "requirements.txt"), "");
    const code = `import { makeVenv } from "./scripts/setup/venv.mjs"; import { reportFailure } from "./scripts/setup/step.mjs"; await makeVenv(process.cwd()).catch(reportFailure);`;
    const done = await run(process.execPath, ["--input-type=module", "-e", code], {
      cwd: folder,
      env: { PATH: folder },
    });
    expect(done.code).toBe(1);
    expect(done.stderr).toContain('the step "Python environment with JupyterLab" failed');
    expect(done.stderr).toContain("python3-venv");
  });

  test("a broken-off step is done again, a finished one is not", async () => {
    const stamp = path.join(folder, "stamp");
    const input = path.join(folder, "input");
    writeFileSync(input, "1");
    const { step } = await import(path.join(root, "scripts", "setup", "step.mjs"));
    const runs: string[] = [];
    const attempt = (work: () => void): Promise<boolean> => step("a step", { stamp, inputs: [input], cure: "" }, work);
    await expect(attempt(() => JSON.parse("{"))).rejects.toThrow();
    expect(existsSync(stamp)).toBe(false);
    expect(await attempt(() => runs.push("first"))).toBe(true);
    expect(await attempt(() => runs.push("second"))).toBe(false);
    writeFileSync(input, "2");
    expect(await attempt(() => runs.push("changed"))).toBe(true);
    expect(runs).toEqual(["first", "changed"]);
  });

  test("the lock of a dead process is taken over", async () => {
    const { withLock } = await import(path.join(root, "scripts", "setup", "lock.mjs"));
    const lock = path.join(folder, "lock");
    writeFileSync(lock, "999999999");
    expect(await withLock(lock, async () => "done")).toBe("done");
    expect(existsSync(lock)).toBe(false);
  });

  test("the tutorials and their data lie in the working copy", () => {
    expect(existsSync(path.join(workingCopy, "01-profile-and-chunk.ipynb"))).toBe(true);
    expect(existsSync(path.join(workingCopy, "data", "sales.csv"))).toBe(true);
  });

  test("the private Jupyter sees the kernel and keeps the tags of tables in its export", async () => {
    const listed = await run(python, ["-m", "jupyter", "kernelspec", "list", "--json"]);
    expect(JSON.parse(listed.stdout).kernelspecs.outgrow.spec.interrupt_mode).toBe("message");
  });
});
