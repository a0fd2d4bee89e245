import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installKernel } from "../../kernel/install.ts";
import { jupyterEnvironment, python, root, run } from "../support/python.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "outgrow-jkt-"));

beforeAll(() => {
  installKernel({ prefix: folder });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("Jupyter's own kernel tests pass, all of them", async () => {
  const env = {
    ...(await jupyterEnvironment()),
    JUPYTER_PATH: path.join(folder, "share", "jupyter"),
    OUTGROW_DATA_DIR: path.join(folder, "data"),
  };
  const { code, stdout, stderr } = await run(python, [path.join(root, "test", "jupyter", "kernel_test.py")], { env });
  expect(stdout, stderr).toContain("ran 13, skipped 0, failed 0");
  expect(code).toBe(0);
});
